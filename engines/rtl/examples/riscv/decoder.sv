// Instruction to control signals and immediate.
module decoder (
    input  logic [31:0] instruction,
    output logic [31:0] immediate,
    output logic        illegal,
    output logic        write,          // the instruction has a destination register
    output logic [1:0]  write_source,
    output logic [1:0]  a_source,
    output logic        b_immediate,    // otherwise the second register
    output logic [3:0]  alu_op,
    output logic        branch,
    output logic        jump,           // to the address that the ALU computes
    output logic        load,
    output logic        store
);

    logic [6:0] opcode;
    logic [2:0] funct3;
    logic [6:0] funct7;

    assign opcode = instruction[6:0];
    assign funct3 = instruction[14:12];
    assign funct7 = instruction[31:25];

    // Bit 31 is the sign of every immediate.
    always_comb begin
        case (opcode)
            riscv_pkg::OP_LUI, riscv_pkg::OP_AUIPC:
                immediate = {instruction[31:12], 12'd0};
            riscv_pkg::OP_JAL:
                immediate = {{12{instruction[31]}}, instruction[19:12], instruction[20], instruction[30:21], 1'b0};
            riscv_pkg::OP_BRANCH:
                immediate = {{20{instruction[31]}}, instruction[7], instruction[30:25], instruction[11:8], 1'b0};
            riscv_pkg::OP_STORE:
                immediate = {{21{instruction[31]}}, instruction[30:25], instruction[11:7]};
            default:
                immediate = {{21{instruction[31]}}, instruction[30:20]};
        endcase
    end

    always_comb begin
        illegal      = 1'b0;
        write        = 1'b0;
        write_source = riscv_pkg::WRITE_ALU;
        a_source     = riscv_pkg::A_REGISTER;
        b_immediate  = 1'b0;
        alu_op       = riscv_pkg::ALU_ADD;
        branch       = 1'b0;
        jump         = 1'b0;
        load         = 1'b0;
        store        = 1'b0;
        case (opcode)
            riscv_pkg::OP_LUI: begin
                write       = 1'b1;
                a_source    = riscv_pkg::A_ZERO;
                b_immediate = 1'b1;
            end
            riscv_pkg::OP_AUIPC: begin
                write       = 1'b1;
                a_source    = riscv_pkg::A_PC;
                b_immediate = 1'b1;
            end
            riscv_pkg::OP_JAL: begin
                write        = 1'b1;
                write_source = riscv_pkg::WRITE_LINK;
                a_source     = riscv_pkg::A_PC;
                b_immediate  = 1'b1;
                jump         = 1'b1;
            end
            riscv_pkg::OP_JALR: begin
                write        = 1'b1;
                write_source = riscv_pkg::WRITE_LINK;
                b_immediate  = 1'b1;
                jump         = 1'b1;
                illegal      = (funct3 != 3'b000);
            end
            riscv_pkg::OP_BRANCH: begin
                branch  = 1'b1;
                alu_op  = funct3[1] ? riscv_pkg::ALU_SLTU : riscv_pkg::ALU_SLT;
                illegal = (funct3[2:1] == 2'b01);
            end
            riscv_pkg::OP_LOAD: begin
                write        = 1'b1;
                write_source = riscv_pkg::WRITE_LOAD;
                b_immediate  = 1'b1;
                load         = 1'b1;
                illegal      = (funct3[1:0] == 2'b11) || (funct3 == 3'b110);
            end
            riscv_pkg::OP_STORE: begin
                b_immediate = 1'b1;
                store       = 1'b1;
                illegal     = funct3[2] || (funct3[1:0] == 2'b11);
            end
            riscv_pkg::OP_IMM: begin
                write       = 1'b1;
                b_immediate = 1'b1;
                alu_op      = {1'b0, funct3};
                // Shifts keep bit 30 and a short distance in the immediate.
                if (funct3 == 3'b001) begin
                    illegal = (funct7 != 7'd0);
                end else if (funct3 == 3'b101) begin
                    alu_op  = {funct7[5], funct3};
                    illegal = ((funct7 & 7'b1011111) != 7'd0);
                end
            end
            riscv_pkg::OP_REG: begin
                write  = 1'b1;
                alu_op = {funct7[5], funct3};
                if (funct3 == 3'b000 || funct3 == 3'b101)
                    illegal = ((funct7 & 7'b1011111) != 7'd0);
                else
                    illegal = (funct7 != 7'd0);
            end
            riscv_pkg::OP_FENCE:
                ;                       // one hart, memory in order: nothing to do
            default:
                illegal = 1'b1;         // ECALL and EBREAK stop the core, too
        endcase
    end

endmodule
