package org.psidgateway.api.transfer;

import io.smallrye.mutiny.Multi;

/** The bytes of a file, which are made as fast as the client takes them. */
public record FileBody(Multi<byte[]> bytes) {}
