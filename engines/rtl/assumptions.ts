import type { Assumption } from '../core/report.ts';
import { ABC_SCRIPT } from '../synthesis/script.ts';

/** The rules behind the figures of the RTL lab. */
export const ASSUMPTIONS: Assumption[] = [
  {
    id: 'gates',
    what: 'Gates are those of Yosys’ `synth` with its internal library of two-input gates and multiplexers.',
    reason: 'A generic library lets designs be compared without a process; areas and delays need a Liberty library.',
    source: 'tool',
  },
  {
    id: 'bits',
    what: 'Flip-flops and latches are counted in bits, cells as they stand in the netlist.',
    reason: 'A register of eight bits is one cell at word level and eight cells at gate level; its bits are the same.',
    source: 'ours',
  },
  {
    id: 'memories',
    what: 'Memories are counted as inferred at word level, ROMs of case statements included.',
    reason: '`synth` then builds them from flip-flops and gates, which the other figures count.',
    source: 'ours',
  },
  {
    id: 'wires',
    what: 'Wires are named nets as Yosys’ `stat` counts them, whatever their width.',
    reason: 'The figure can be checked against Yosys.',
    source: 'tool',
  },
  {
    id: 'depth',
    what: 'Logic depth counts combinational cells on the longest path between registers, latches, memories and ports, through the whole hierarchy; every cell counts one.',
    reason: 'Without a library gates have no delay.',
    source: 'ours',
  },
  {
    id: 'source-lines',
    what: 'A gate belongs to the line whose signal it drives: ABC is asked to keep the names of equivalent nets, and a gate whose net keeps no name belongs to the line of the nearest gate that it feeds, else that feeds it.',
    value: ABC_SCRIPT,
    reason:
      'ABC rebuilds the logic and drops source places. A cell that was merged from several lines counts for the first of them.',
    source: 'ours',
  },
];
