// Unsigned division, one bit of the quotient per clock: shift, try to subtract, keep or put back.
// Division by zero gives a quotient of all ones and the dividend as remainder.
module divider #(
    parameter WIDTH = 16
) (
    input  wire             clk,
    input  wire             reset,
    input  wire             start,
    input  wire [WIDTH-1:0] dividend,
    input  wire [WIDTH-1:0] divisor,
    output reg              busy,
    output reg              done,        // high for one clock, with the result
    output wire [WIDTH-1:0] quotient,
    output wire [WIDTH-1:0] remainder
);

    localparam STEPS = $clog2(WIDTH);

    reg [WIDTH-1:0] rest;       // what is left of the dividend so far
    reg [WIDTH-1:0] shifter;    // dividend bits leave at the top, quotient bits enter at the bottom
    reg [WIDTH-1:0] by;
    reg [STEPS-1:0] step;

    wire [WIDTH:0] shifted = {rest, shifter[WIDTH-1]};
    wire [WIDTH:0] trial   = shifted - {1'b0, by};
    wire           fits    = (shifted >= {1'b0, by});

    assign quotient  = shifter;
    assign remainder = rest;

    always @(posedge clk) begin
        done <= 1'b0;
        if (reset) begin
            busy <= 1'b0;
        end else if (!busy) begin
            if (start) begin
                busy    <= 1'b1;
                rest    <= {WIDTH{1'b0}};
                shifter <= dividend;
                by      <= divisor;
                step    <= {STEPS{1'b0}};
            end
        end else begin
            rest    <= fits ? trial[WIDTH-1:0] : shifted[WIDTH-1:0];
            shifter <= {shifter[WIDTH-2:0], fits};
            step    <= step + 1'b1;
            if (step == WIDTH - 1) begin
                busy <= 1'b0;
                done <= 1'b1;
            end
        end
    end

endmodule
