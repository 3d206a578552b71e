// Gives a word back a fixed number of clocks later; with no clocks it is a wire.
module delay #(
    parameter int WIDTH  = 8,
    parameter int CLOCKS = 1
) (
    input  logic             clk,
    input  logic [WIDTH-1:0] in,
    output logic [WIDTH-1:0] out
);

    generate
        if (CLOCKS == 0) begin : none
            assign out = in;
        end else begin : line
            logic [CLOCKS*WIDTH-1:0] words;

            always_ff @(posedge clk)
                words <= (CLOCKS*WIDTH)'({words, in});

            assign out = words[CLOCKS*WIDTH-1 -: WIDTH];
        end
    endgenerate

endmodule
