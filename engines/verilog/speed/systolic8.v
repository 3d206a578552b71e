// An output-stationary array of 8 x 8 multiply-accumulators in plain Verilog: a moves right, b moves down, sums stay.
module element (
    input  wire               clk,
    input  wire               clear,
    input  wire signed [7:0]  a_in,
    input  wire signed [7:0]  b_in,
    output reg  signed [7:0]  a_out,
    output reg  signed [7:0]  b_out,
    output reg  signed [23:0] sum
);
    always @(posedge clk) begin
        a_out <= a_in;
        b_out <= b_in;
        if (clear) sum <= 0;
        else sum <= sum + a_in * b_in;
    end
endmodule

module systolic8 (
    input  wire         clk,
    input  wire         clear,
    input  wire [63:0]  a,
    input  wire [63:0]  b,
    input  wire [5:0]   pick,
    output wire [23:0]  result
);
    wire [7:0]  right [0:71];
    wire [7:0]  down [0:71];
    wire [24*64-1:0] sums;
    genvar i, j;
    generate
        for (i = 0; i < 8; i = i + 1) begin : edges
            assign right[9*i] = a[8*i +: 8];
            assign down[i] = b[8*i +: 8];
        end
        for (i = 0; i < 8; i = i + 1) begin : rows
            for (j = 0; j < 8; j = j + 1) begin : columns
                element e (
                    .clk(clk), .clear(clear), .a_in(right[9*i + j]), .b_in(down[8*i + j]),
                    .a_out(right[9*i + j + 1]), .b_out(down[8*(i + 1) + j]), .sum(sums[24*(8*i + j) +: 24]));
            end
        end
    endgenerate
    assign result = sums[24*pick +: 24];
endmodule
