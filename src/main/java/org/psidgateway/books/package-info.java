/** What operators see of the spending, and correct: quota, entries, window and limits. */
@NullMarked
package org.psidgateway.books;

import org.jspecify.annotations.NullMarked;
