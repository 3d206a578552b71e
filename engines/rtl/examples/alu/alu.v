// Arithmetic and logic unit: one result out of eight, and four flags.
module alu #(
    parameter WIDTH = 16
) (
    input  wire [WIDTH-1:0] a,
    input  wire [WIDTH-1:0] b,
    input  wire [2:0]       op,
    output reg  [WIDTH-1:0] result,
    output wire             zero,
    output wire             negative,
    output wire             carry,      // of the adder; after a subtraction: no borrow
    output wire             overflow
);

    localparam [2:0] ADD  = 3'd0;
    localparam [2:0] SUB  = 3'd1;
    localparam [2:0] AND  = 3'd2;
    localparam [2:0] OR   = 3'd3;
    localparam [2:0] XOR  = 3'd4;
    localparam [2:0] NOR  = 3'd5;
    localparam [2:0] SLT  = 3'd6;   // signed less than
    localparam [2:0] SLTU = 3'd7;   // unsigned less than

    // One adder serves ADD, SUB and both comparisons: a - b = a + ~b + 1.
    wire             subtract = (op == SUB) | (op == SLT) | (op == SLTU);
    wire [WIDTH-1:0] operand  = b ^ {WIDTH{subtract}};
    wire [WIDTH:0]   sum      = {1'b0, a} + {1'b0, operand} + {{WIDTH{1'b0}}, subtract};

    assign carry    = sum[WIDTH];
    assign overflow = (a[WIDTH-1] == operand[WIDTH-1]) & (sum[WIDTH-1] != a[WIDTH-1]);

    wire less_signed   = sum[WIDTH-1] ^ overflow;
    wire less_unsigned = ~carry;

    always @* begin
        case (op)
            ADD, SUB: result = sum[WIDTH-1:0];
            AND:      result = a & b;
            OR:       result = a | b;
            XOR:      result = a ^ b;
            NOR:      result = ~(a | b);
            SLT:      result = {{WIDTH-1{1'b0}}, less_signed};
            default:  result = {{WIDTH-1{1'b0}}, less_unsigned};
        endcase
    end

    assign zero     = (result == {WIDTH{1'b0}});
    assign negative = result[WIDTH-1];

endmodule
