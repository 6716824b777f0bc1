/**
 * {@code pages_id_mapping} as the Graph API has it, for programs that know nothing else. Everything
 * here is off unless {@code gateway.door.enabled}.
 */
@NullMarked
package org.psidgateway.api.door;

import org.jspecify.annotations.NullMarked;
