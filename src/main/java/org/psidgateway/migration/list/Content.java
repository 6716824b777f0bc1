package org.psidgateway.migration.list;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.psidgateway.transfer.rows.FileFormat;

/**
 * What was read of a list.
 *
 * @param columns the names in the header of a CSV; null if it had none
 * @param width cells of its widest row
 */
public record Content(
    long received, long malformed, FileFormat format, @Nullable List<String> columns, int width) {}
