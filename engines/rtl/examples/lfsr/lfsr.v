// Linear feedback shift register in Galois form. With the default taps (x^16 + x^14 + x^13 + x^11 + 1)
// it goes through all 65535 states but zero before it repeats.
module lfsr #(
    parameter WIDTH = 16,
    parameter [WIDTH-1:0] TAPS = 16'hB400
) (
    input  wire             clk,
    input  wire             load,
    input  wire [WIDTH-1:0] seed,
    input  wire             enable,
    output reg  [WIDTH-1:0] state,
    output wire             bit_out
);

    assign bit_out = state[0];

    // Zero would never leave zero, so a seed of zero becomes one.
    wire [WIDTH-1:0] safe_seed = (seed == {WIDTH{1'b0}}) ? {{WIDTH-1{1'b0}}, 1'b1} : seed;

    always @(posedge clk) begin
        if (load)
            state <= safe_seed;
        else if (enable)
            state <= {1'b0, state[WIDTH-1:1]} ^ (bit_out ? TAPS : {WIDTH{1'b0}});
    end

endmodule
