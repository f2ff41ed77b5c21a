// SPDX-License-Identifier: Apache-2.0
// What an EncryptionConfiguration (apiserver.config.k8s.io/v1; before 1.13 EncryptionConfig) does to Secrets in etcd, as a record for
// rules:
//
//   {"kind":"Encryption","secrets":"aescbc","readable":["aescbc","identity"],"keys":["aescbc key1",...]}
//
// Of the entries whose resources have Secrets the first counts; of its providers the first writes, and all of them read. secrets is "none"
// when no entry has them: they are written as they are. keys: those that stand in the file itself; a placeholder is none.
#pragma once

#include "base/buf.h"
#include "codec/json/json.h"

// Appends the record, with JSON_PADDING bytes behind its end that do not count.
void encryption_record(const struct json_value *tree, struct buf *out);
