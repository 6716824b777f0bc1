package org.psidgateway.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.psidgateway.simulator.SimulatedGraph.Fault;

/**
 * Which faults strike, and which are left for later calls.
 *
 * @param struck what strikes: of a call, in their order; of operations, one for each or null
 */
record FaultDraw(List<@Nullable Fault> struck, List<Fault> left) {

  /** For a call as a whole. {@code page} is 0 where unknown. */
  static FaultDraw ofCall(List<Fault> waiting, long page, Random random) {
    List<@Nullable Fault> struck = new ArrayList<>();
    List<Fault> left = new ArrayList<>();
    boolean decided = false;
    for (Fault fault : waiting) {
      if (decided || fault.fromOperation() != null || !strikes(fault, page, random)) {
        left.add(fault);
        continue;
      }
      struck.add(fault);
      decided = fault.kind() != Fault.Kind.SLOW;
      fault.usedOnce().ifPresent(left::add);
    }
    return new FaultDraw(struck, left);
  }

  /** For each operation of a batch, given the Pages they ask for; 0 where they ask for all. */
  static FaultDraw ofOperations(List<Fault> waiting, long[] pages, Random random) {
    @Nullable Fault[] struck = new Fault[pages.length];
    List<Fault> left = new ArrayList<>();
    for (Fault fault : waiting) {
      boolean used = false;
      for (int i = 0; i < pages.length; i++) {
        if (struck[i] == null && covers(fault, i) && strikes(fault, pages[i], random)) {
          struck[i] = fault;
          used = true;
        }
      }
      if (used) {
        fault.usedOnce().ifPresent(left::add);
      } else {
        left.add(fault);
      }
    }
    return new FaultDraw(Arrays.asList(struck), left);
  }

  private static boolean strikes(Fault fault, long page, Random random) {
    Double probability = fault.probability();
    return (fault.page() == null || fault.page() == page)
        && (probability == null || random.nextDouble() < probability);
  }

  private static boolean covers(Fault fault, int operation) {
    Integer from = fault.fromOperation();
    Integer to = fault.toOperation();
    return from != null && operation >= from && (to == null || operation < to);
  }
}
