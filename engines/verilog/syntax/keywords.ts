import type { Generation } from './tokens.ts';

/* Reserved words by the generation that brought them (IEEE 1364-2005 Annex B and 19.11, IEEE 1800-2012 Annex B). */

const OF_1995 = `always and assign begin buf bufif0 bufif1 case casex casez cmos deassign default defparam disable edge else
end endcase endfunction endmodule endprimitive endspecify endtable endtask event for force forever fork function highz0
highz1 if ifnone initial inout input integer join large macromodule medium module nand negedge nmos nor not notif0 notif1
or output parameter pmos posedge primitive pull0 pull1 pulldown pullup rcmos real realtime reg release repeat rnmos rpmos
rtran rtranif0 rtranif1 scalared small specify specparam strong0 strong1 supply0 supply1 table task time tran tranif0
tranif1 tri tri0 tri1 triand trior trireg vectored wait wand weak0 weak1 while wire wor xnor xor`;

const OF_2001_NOCONFIG = `automatic endgenerate generate genvar localparam noshowcancelled pulsestyle_ondetect
pulsestyle_onevent showcancelled signed unsigned`;

const OF_2001 = 'cell config design endconfig incdir include instance liblist library use';

const OF_2005 = 'uwire';

const OF_2005_SV = `alias always_comb always_ff always_latch assert assume before bind bins binsof bit break byte chandle
class clocking const constraint context continue cover covergroup coverpoint cross dist do endclass endclocking endgroup
endinterface endpackage endprogram endproperty endsequence enum expect export extends extern final first_match foreach
forkjoin iff ignore_bins illegal_bins import inside int interface intersect join_any join_none local logic longint matches
modport new null package packed priority program property protected pure rand randc randcase randsequence ref return
sequence shortint shortreal solve static string struct super tagged this throughout timeprecision timeunit type typedef
union unique var virtual void wait_order wildcard with within`;

const OF_2009 = `accept_on checker endchecker eventually global implies let nexttime reject_on restrict s_always
s_eventually s_nexttime s_until s_until_with strong sync_accept_on sync_reject_on unique0 until until_with untyped weak`;

const OF_2012 = 'implements interconnect nettype soft';

const BROUGHT: readonly [Generation, string][] = [
  ['1995', OF_1995],
  ['2001-noconfig', OF_2001_NOCONFIG],
  ['2001', OF_2001],
  ['2005', OF_2005],
  ['2005-sv', OF_2005_SV],
  ['2009', OF_2009],
  ['2012', OF_2012],
];

const SETS = new Map<Generation, ReadonlySet<string>>();
{
  const words: string[] = [];
  for (const [generation, brought] of BROUGHT) {
    words.push(...brought.split(/\s+/));
    SETS.set(generation, new Set(words));
  }
}

/** The words that `generation` reserves. */
export function keywordsOf(generation: Generation): ReadonlySet<string> {
  return SETS.get(generation)!;
}

/** Whether a generation is one of SystemVerilog's (IEEE 1800). */
export function isSystemVerilog(generation: Generation): boolean {
  return generation === '2005-sv' || generation === '2009' || generation === '2012';
}

const VERSIONS: Record<string, Generation> = {
  '1364-1995': '1995',
  '1364-2001': '2001',
  '1364-2001-noconfig': '2001-noconfig',
  '1364-2005': '2005',
  '1800-2005': '2005-sv',
  '1800-2009': '2009',
  '1800-2012': '2012',
  // Reserve no other words than 1800-2012 (IEEE 1800-2017 and 1800-2023, 22.14).
  '1800-2017': '2012',
  '1800-2023': '2012',
};

/** The generation that `` `begin_keywords "1364-2001" `` names; undefined for a version that is not known. */
export function generationOfVersion(version: string): Generation | undefined {
  return Object.hasOwn(VERSIONS, version) ? VERSIONS[version] : undefined;
}

/** The generation a file is read in when none is asked for: SystemVerilog by its ending, else Verilog-2005. */
export function generationOfPath(path: string): Generation {
  return /\.svh?$/i.test(path) ? '2012' : '2005';
}
