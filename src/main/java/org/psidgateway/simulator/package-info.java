/**
 * A Graph API for laptops and tests, with its own wire types and its own log of every id it was
 * asked. No other package of ours uses it, and it uses none: {@link
 * org.psidgateway.simulator.SimulatedGraph} starts it, {@link
 * org.psidgateway.simulator.SimulatorScript} controls it, and {@link
 * org.psidgateway.simulator.Witness} shows what it was asked.
 */
@NullMarked
package org.psidgateway.simulator;

import org.jspecify.annotations.NullMarked;
