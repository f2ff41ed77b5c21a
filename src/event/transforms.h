// SPDX-License-Identifier: Apache-2.0
// The transforms by topic, for the table in transform.c. Each takes one value of the source and emits what it makes of it; a value
// it cannot read gives nothing.
#pragma once

#include "event/event.h"

// transform_image.c
void transform_image_registry(struct str in, struct transform_out *out);
void transform_image_repository(struct str in, struct transform_out *out);
void transform_image_name(struct str in, struct transform_out *out);
void transform_image_account(struct str in, struct transform_out *out);
void transform_image_tag(struct str in, struct transform_out *out);
void transform_image_digest(struct str in, struct transform_out *out);
void transform_image_basename(struct str in, struct transform_out *out);
void transform_image_lookalike(struct str in, struct transform_out *out);

// transform_request.c
void transform_uri_path(struct str in, struct transform_out *out);
void transform_uri_query_keys(struct str in, struct transform_out *out);
void transform_uri_dry_run(struct str in, struct transform_out *out);
void transform_uri_command(struct str in, struct transform_out *out);
void transform_agent_product(struct str in, struct transform_out *out);
void transform_agent_family(struct str in, struct transform_out *out);
void transform_address_kind(struct str in, struct transform_out *out);

// transform_access.c
void transform_authz_binding(struct str in, struct transform_out *out);
void transform_authz_role(struct str in, struct transform_out *out);
void transform_authz_subject(struct str in, struct transform_out *out);
void transform_sa_namespace(struct str in, struct transform_out *out);
void transform_sa_name(struct str in, struct transform_out *out);

// transform_csr.c
void transform_csr_subject(struct str in, struct transform_out *out);

// transform_text.c
void transform_first_label(struct str in, struct transform_out *out);
void transform_first_word(struct str in, struct transform_out *out);
void transform_basename(struct str in, struct transform_out *out);
void transform_length(struct str in, struct transform_out *out);
void transform_base64_text(struct str in, struct transform_out *out);
void transform_skeleton(struct str in, struct transform_out *out);
void transform_lookalike(struct str in, struct transform_out *out);
