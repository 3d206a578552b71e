/**
 * Techmap files (Verilog) that bring what ABC and `dfflibmap` cannot map to the studio's cells, by name:
 * `adders.v` for `$fa`, which `extract_fa` and `maccmap` leave; `latches.v` for latches as `STUDIO45_LEGALIZE` leaves them;
 * `tristate.v` for `$_TBUF_`; `ripple.v`, to be applied before other techmaps where area counts more than delay: adders and
 * comparators as chains of full adders.
 */
export const STUDIO45_MAPS: Record<string, string> = {
  'adders.v': `(* techmap_celltype = "$fa" *)
module _studio45_fa (A, B, C, X, Y);
  parameter WIDTH = 1;
  (* force_downto *) input [WIDTH-1:0] A, B, C;
  (* force_downto *) output [WIDTH-1:0] X, Y;
  parameter [WIDTH-1:0] _TECHMAP_CONSTMSK_A_ = 0;
  parameter [WIDTH-1:0] _TECHMAP_CONSTVAL_A_ = 0;
  parameter [WIDTH-1:0] _TECHMAP_CONSTMSK_B_ = 0;
  parameter [WIDTH-1:0] _TECHMAP_CONSTVAL_B_ = 0;
  parameter [WIDTH-1:0] _TECHMAP_CONSTMSK_C_ = 0;
  parameter [WIDTH-1:0] _TECHMAP_CONSTVAL_C_ = 0;
  localparam [WIDTH-1:0] A0 = _TECHMAP_CONSTMSK_A_ & ~_TECHMAP_CONSTVAL_A_;
  localparam [WIDTH-1:0] B0 = _TECHMAP_CONSTMSK_B_ & ~_TECHMAP_CONSTVAL_B_;
  localparam [WIDTH-1:0] C0 = _TECHMAP_CONSTMSK_C_ & ~_TECHMAP_CONSTVAL_C_;
  genvar i;
  generate
    for (i = 0; i < WIDTH; i = i + 1) begin : bits
      if (C0[i])
        HA_X1 adder (.A(A[i]), .B(B[i]), .CO(X[i]), .S(Y[i]));
      else if (B0[i])
        HA_X1 adder (.A(A[i]), .B(C[i]), .CO(X[i]), .S(Y[i]));
      else if (A0[i])
        HA_X1 adder (.A(B[i]), .B(C[i]), .CO(X[i]), .S(Y[i]));
      else
        FA_X1 adder (.A(A[i]), .B(B[i]), .CI(C[i]), .CO(X[i]), .S(Y[i]));
    end
  endgenerate
endmodule
`,
  'latches.v': `module \\$_DLATCH_P_ (input D, input E, output Q);
  LATCH_X1 _TECHMAP_REPLACE_ (.D(D), .G(E), .Q(Q));
endmodule

module \\$_DLATCH_N_ (input D, input E, output Q);
  LATCHN_X1 _TECHMAP_REPLACE_ (.D(D), .GN(E), .Q(Q));
endmodule

module \\$_DLATCHSR_PNN_ (input D, input E, input S, input R, output Q);
  LATCHSR_X1 _TECHMAP_REPLACE_ (.D(D), .G(E), .SN(S), .RN(R), .Q(Q));
endmodule
`,
  'tristate.v': `module \\$_TBUF_ (input A, input E, output Y);
  TBUF_X1 _TECHMAP_REPLACE_ (.A(A), .OE(E), .Y(Y));
endmodule
`,
  'ripple.v': `(* techmap_celltype = "$alu" *)
module _studio45_alu (A, B, CI, BI, X, Y, CO);
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  parameter A_WIDTH = 1;
  parameter B_WIDTH = 1;
  parameter Y_WIDTH = 1;
  (* force_downto *) input [A_WIDTH-1:0] A;
  (* force_downto *) input [B_WIDTH-1:0] B;
  input CI, BI;
  (* force_downto *) output [Y_WIDTH-1:0] X, Y, CO;
  (* force_downto *) wire [Y_WIDTH-1:0] AA, BB, C;
  \\$pos #(.A_SIGNED(A_SIGNED), .A_WIDTH(A_WIDTH), .Y_WIDTH(Y_WIDTH)) extend_a (.A(A), .Y(AA));
  (* force_downto *) wire [Y_WIDTH-1:0] B_extended;
  \\$pos #(.A_SIGNED(B_SIGNED), .A_WIDTH(B_WIDTH), .Y_WIDTH(Y_WIDTH)) extend_b (.A(B), .Y(B_extended));
  assign BB = B_extended ^ {Y_WIDTH{BI}};
  assign X = AA ^ BB;
  assign C = {CO, CI};
  genvar i;
  generate
    for (i = 0; i < Y_WIDTH; i = i + 1) begin : bits
      assign Y[i] = X[i] ^ C[i];
      assign CO[i] = (AA[i] & BB[i]) | (X[i] & C[i]);
    end
  endgenerate
endmodule
`,
};

/**
 * Arguments of `dfflegalize`: the storage that the library has. With these, every flip-flop and latch that `synth` can leave
 * becomes one of them (inverters and gates around it where need be), which `dfflibmap -map-only` and `latches.v` then map.
 * Unlike `dfflibmap` alone this takes latches and flip-flops with an asynchronous load along. The initial values that a
 * design asks for are accepted and lost, as silicon has none: warn before.
 */
export const STUDIO45_LEGALIZE = [
  '$_DFF_P_',
  '$_DFF_N_',
  '$_DFF_PN0_',
  '$_DFF_PN1_',
  '$_DFFSR_PNN_',
  '$_DFFE_PP_',
  '$_DLATCH_P_',
  '$_DLATCH_N_',
  '$_DLATCHSR_PNN_',
]
  .map((cell) => `-cell ${cell} 01`)
  .join(' ');
