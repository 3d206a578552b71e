`include "riscv_config.vh"

// RV32I in a single cycle: every clock one instruction is fetched, decoded, executed and written back.
// Both buses answer in the same clock. ECALL, EBREAK, an illegal instruction or a misaligned address
// stops the core: `halted` rises and `instruction_address` stays at the culprit.
module riscv (
    input  logic        clk,
    input  logic        reset,

    output logic [31:0] instruction_address,
    input  logic [31:0] instruction,

    output logic [31:0] data_address,
    output logic        data_read,
    input  logic [31:0] load_word,
    output logic [3:0]  data_write,     // one bit for each byte of the word
    output logic [31:0] store_word,

    output logic        halted
);

    logic [31:2] pc;

    logic        illegal, write, b_immediate, branch, jump, load, store;
    logic [1:0]  write_source, a_source;
    logic [3:0]  alu_op;
    logic [31:0] immediate, rs1_data, rs2_data, a, b, alu_result, load_data, rd_data;
    logic [31:0] target;
    logic [31:2] next_pc, after_pc;
    logic [3:0]  lanes;
    logic        equal, taken, misaligned, stop, run;

    decoder decode (
        .instruction  (instruction),
        .immediate    (immediate),
        .illegal      (illegal),
        .write        (write),
        .write_source (write_source),
        .a_source     (a_source),
        .b_immediate  (b_immediate),
        .alu_op       (alu_op),
        .branch       (branch),
        .jump         (jump),
        .load         (load),
        .store        (store)
    );

    register_file registers (
        .clk      (clk),
        .write    (write && run),
        .rd       (instruction[11:7]),
        .rd_data  (rd_data),
        .rs1      (instruction[19:15]),
        .rs1_data (rs1_data),
        .rs2      (instruction[24:20]),
        .rs2_data (rs2_data)
    );

    alu execute (
        .a      (a),
        .b      (b),
        .op     (alu_op),
        .result (alu_result),
        .equal  (equal)
    );

    load_store memory (
        .address    (alu_result[1:0]),
        .funct3     (instruction[14:12]),
        .store_data (rs2_data),
        .bus_write  (store_word),
        .lanes      (lanes),
        .misaligned (misaligned),
        .bus_read   (load_word),
        .load_data  (load_data)
    );

    always_comb begin
        case (a_source)
            riscv_pkg::A_PC:   a = {pc, 2'b00};
            riscv_pkg::A_ZERO: a = 32'd0;
            default:           a = rs1_data;
        endcase
    end

    assign b = b_immediate ? immediate : rs2_data;

    // funct3 of a branch: bit 2 asks for less instead of equal, bit 0 inverts the answer.
    assign taken = branch && ((instruction[14] ? alu_result[0] : equal) ^ instruction[12]);

    assign after_pc = pc + 30'd1;

    always_comb begin
        if (jump)
            target = {alu_result[31:1], 1'b0};
        else
            target = {pc, 2'b00} + immediate;
    end

    assign next_pc = (jump || taken) ? target[31:2] : after_pc;

    assign stop = illegal
               || ((jump || taken) && target[1])
               || ((load || store) && misaligned);
    assign run  = !reset && !halted && !stop;

    always_comb begin
        case (write_source)
            riscv_pkg::WRITE_LOAD: rd_data = load_data;
            riscv_pkg::WRITE_LINK: rd_data = {after_pc, 2'b00};
            default:               rd_data = alu_result;
        endcase
    end

    assign instruction_address = {pc, 2'b00};
    assign data_address        = {alu_result[31:2], 2'b00};
    assign data_read           = load && run;
    assign data_write          = (store && run) ? lanes : 4'b0000;

    always_ff @(posedge clk) begin
        if (reset) begin
            pc     <= 30'(`RESET_ADDRESS >> 2);
            halted <= 1'b0;
        end else if (run) begin
            pc <= next_pc;
        end else begin
            halted <= 1'b1;
        end
    end

endmodule
