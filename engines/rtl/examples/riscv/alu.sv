// One adder serves sums, differences and both comparisons; a second comparator finds equality.
module alu (
    input  logic [31:0] a,
    input  logic [31:0] b,
    input  logic [3:0]  op,
    output logic [31:0] result,
    output logic        equal
);

    logic        subtract;
    logic [32:0] sum;           // bit 32 is the carry: "no borrow" when subtracting
    logic        less;
    logic        less_unsigned;
    logic [31:0] shifted_right;

    assign subtract      = (op != riscv_pkg::ALU_ADD);
    assign sum           = {1'b0, a} + {1'b0, b ^ {32{subtract}}} + {32'd0, subtract};
    assign less_unsigned = !sum[32];
    assign less          = (a[31] != b[31]) ? a[31] : sum[31];
    assign shifted_right = 32'($signed({op[3] & a[31], a}) >>> b[4:0]);
    assign equal         = (a == b);

    always_comb begin
        case (op)
            riscv_pkg::ALU_SLL:                     result = a << b[4:0];
            riscv_pkg::ALU_SLT:                     result = {31'd0, less};
            riscv_pkg::ALU_SLTU:                    result = {31'd0, less_unsigned};
            riscv_pkg::ALU_XOR:                     result = a ^ b;
            riscv_pkg::ALU_SRL, riscv_pkg::ALU_SRA: result = shifted_right;
            riscv_pkg::ALU_OR:                      result = a | b;
            riscv_pkg::ALU_AND:                     result = a & b;
            default:                                result = sum[31:0];
        endcase
    end

endmodule
