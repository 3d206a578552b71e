/** What the simulator reads, for the lab's table. Each row has a sample that the test runs through the front end, so that the table cannot lie. */
export interface SupportRow {
  group: string;
  feature: string;
  state: 'yes' | 'partly' | 'no';
  note?: string;
  /** Items of a module, or whole modules where it begins with one. */
  sample: string;
}

const VERILOG = 'Verilog-2005';
const SYSTEM = 'SystemVerilog';
const TASKS = 'System tasks';
const OUT = 'Not supported';

export const SUPPORT: readonly SupportRow[] = [
  {
    group: VERILOG,
    feature: 'modules, parameters, defparam, generate, arrays of instances',
    state: 'yes',
    sample: 'genvar i; generate for (i = 0; i < 2; i = i + 1) begin : g wire [i:0] w; end endgenerate',
  },
  {
    group: VERILOG,
    feature: 'nets of all kinds, strengths, charge, resolution',
    state: 'yes',
    sample: 'wand a; assign (strong1, weak0) a = 1; assign (pull1, strong0) a = 0; trireg c;',
  },
  {
    group: VERILOG,
    feature: 'gates, switches, user-defined primitives',
    state: 'yes',
    sample: 'wire y, z; reg a, b; nand #2 (y, a, b); tranif1 (y, z, a);',
  },
  {
    group: VERILOG,
    feature: 'tasks and functions, static and automatic',
    state: 'yes',
    sample:
      'function automatic integer f(input integer n); f = n < 2 ? 1 : n * f(n - 1); endfunction localparam P = f(5);',
  },
  {
    group: VERILOG,
    feature: 'fork/join, disable, named events, wait, intra-assignment timing',
    state: 'yes',
    sample: 'event e; reg a; initial begin : b fork #1 -> e; @e a = #2 1; join disable b; end',
  },
  {
    group: VERILOG,
    feature: 'force, release, procedural assign',
    state: 'yes',
    sample: 'reg a; initial begin assign a = 1; force a = 0; release a; deassign a; end',
  },
  {
    group: VERILOG,
    feature: 'specify blocks',
    state: 'partly',
    note: 'path delays are honoured where simple, also from SDF files ($sdf_annotate); timing checks are not run, and a note says so',
    sample: 'module m(input a, output y); assign y = a; specify (a => y) = (1, 2); endspecify endmodule',
  },
  {
    group: VERILOG,
    feature: 'preprocessor: macros with arguments, include, conditions',
    state: 'yes',
    sample: '`define TWICE(x) (2 * (x))\n localparam P = `TWICE(3);',
  },
  {
    group: VERILOG,
    feature: 'configurations and libraries of cells',
    state: 'no',
    sample: 'config c; design m; endconfig',
  },
  {
    group: SYSTEM,
    feature: 'logic, bit, byte, int, longint; always_comb, always_ff, always_latch',
    state: 'yes',
    sample: 'logic [3:0] q; bit c; int n; always_ff @(posedge c) q <= q + 1; always_comb n = q;',
  },
  {
    group: SYSTEM,
    feature: 'enumerations, packed structs and unions, typedef',
    state: 'yes',
    sample: "typedef enum logic [1:0] {A, B} e; typedef struct packed {e x; logic y;} s; s v; initial v = '{B, 1};",
  },
  {
    group: SYSTEM,
    feature: 'packages and import',
    state: 'yes',
    sample: 'package p; localparam N = 3; endpackage module m; import p::*; logic [N-1:0] a; endmodule',
  },
  {
    group: SYSTEM,
    feature: 'interfaces with modports',
    state: 'yes',
    sample:
      'interface b; logic a; modport s(input a); endinterface module u(b.s i); wire w = i.a; endmodule module m; b x(); u y(x); endmodule',
  },
  {
    group: SYSTEM,
    feature: 'queues, dynamic and associative arrays, strings',
    state: 'yes',
    sample:
      'int q[$]; int d[]; int m[string]; string s; initial begin q.push_back(1); d = new[3]; m["a"] = 2; s = "x"; end',
  },
  {
    group: SYSTEM,
    feature: 'casts, inside, foreach, break, continue, return, unique and priority',
    state: 'yes',
    sample: "int a[3]; initial foreach (a[i]) begin if (i inside {[1:2]}) continue; a[i] = int'(2.5); end",
  },
  {
    group: SYSTEM,
    feature: 'immediate assertions, final',
    state: 'yes',
    sample: 'initial assert (1) else $error("no"); final $display("end");',
  },
  { group: SYSTEM, feature: 'programs', state: 'yes', sample: 'program p; initial $display("p"); endprogram' },
  {
    group: TASKS,
    feature: '$display, $write, $strobe, $monitor and their kin, $sformat',
    state: 'yes',
    sample: 'initial $display("%0d %h %b %s %t", 1, 2, 3, "x", $time);',
  },
  {
    group: TASKS,
    feature: '$random, $urandom, $dist_*',
    state: 'yes',
    sample: 'integer s, r; initial r = $dist_normal(s, 1, 2) + $random + $urandom_range(1, 2);',
  },
  {
    group: TASKS,
    feature: 'files: $fopen, $fscanf, $readmemh, $writememb ...',
    state: 'yes',
    sample: 'integer f; initial begin f = $fopen("x"); $fdisplay(f, "y"); $fclose(f); end',
  },
  {
    group: TASKS,
    feature: '$dumpfile, $dumpvars',
    state: 'yes',
    sample: 'initial begin $dumpfile("x.vcd"); $dumpvars; end',
  },
  {
    group: TASKS,
    feature: '$test$plusargs, $value$plusargs, $timeformat, $clog2, $bits',
    state: 'yes',
    sample: 'integer n; initial if ($test$plusargs("a")) n = $clog2(5) + $bits(n);',
  },
  { group: OUT, feature: 'classes, and so UVM', state: 'no', sample: 'class c; int x; endclass' },
  {
    group: OUT,
    feature: 'concurrent assertions, sequences and properties',
    state: 'no',
    sample: 'module m(input c, a); assert property (@(posedge c) a); endmodule',
  },
  {
    group: OUT,
    feature: 'covergroups',
    state: 'no',
    sample: 'module m(input c, a); covergroup g @(posedge c); coverpoint a; endgroup endmodule',
  },
  {
    group: OUT,
    feature: 'clocking blocks',
    state: 'no',
    sample: 'module m(input c, a); clocking k @(posedge c); input a; endclocking endmodule',
  },
  {
    group: OUT,
    feature: 'functions in C (DPI)',
    state: 'no',
    sample: 'module m; import "DPI-C" function int f(); endmodule',
  },
];

/** Said before the table. */
export const OUT_OF_SCOPE =
  'Verilog and SystemVerilog only: no VHDL. What is not supported is refused with its place; nothing is passed over in silence.';
