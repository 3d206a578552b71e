// Multiplies what arrives, adds it to its sum, and passes the operands on to its neighbours.
module processing_element #(
    parameter int WIDTH = 8,
    parameter int SUM   = 20
) (
    input  logic                    clk,
    input  logic                    clear,
    input  logic signed [WIDTH-1:0] a_in,
    input  logic signed [WIDTH-1:0] b_in,
    output logic signed [WIDTH-1:0] a_out,
    output logic signed [WIDTH-1:0] b_out,
    output logic signed [SUM-1:0]   sum
);

    always_ff @(posedge clk) begin
        a_out <= a_in;
        b_out <= b_in;
        if (clear)
            sum <= '0;
        else
            sum <= sum + a_in * b_in;
    end

endmodule
