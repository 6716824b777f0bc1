/**
 * Faults on purpose, in processes of their own, and what must hold all the same. {@code
 * docs/chaos.md} says how to run it and what each scenario shows.
 */
package org.psidgateway.chaos;
