/**
 * A Graph API for laptops and tests, with its own wire types and its own log of every id it was
 * asked. Nobody of ours uses it, and it uses nobody of ours: started by {@link
 * org.psidgateway.simulator.SimulatedGraph}, told what to do by {@link
 * org.psidgateway.simulator.SimulatorScript}, believed through {@link
 * org.psidgateway.simulator.Witness}.
 */
@NullMarked
package org.psidgateway.simulator;

import org.jspecify.annotations.NullMarked;
