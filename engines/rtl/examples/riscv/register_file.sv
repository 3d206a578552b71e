`include "riscv_config.vh"

// Two read ports, one write port. Register 0 reads as zero, whatever was written to it.
module register_file (
    input  logic        clk,
    input  logic        write,
    input  logic [4:0]  rd,
    input  logic [31:0] rd_data,
    input  logic [4:0]  rs1,
    output logic [31:0] rs1_data,
    input  logic [4:0]  rs2,
    output logic [31:0] rs2_data
);

    localparam int BITS = `REGISTER_BITS;

    logic [31:0] words [0:(1<<BITS)-1];

    always_ff @(posedge clk) begin
        if (write)
            words[rd[BITS-1:0]] <= rd_data;
    end

    assign rs1_data = (rs1 == 5'd0) ? 32'd0 : words[rs1[BITS-1:0]];
    assign rs2_data = (rs2 == 5'd0) ? 32'd0 : words[rs2[BITS-1:0]];

endmodule
