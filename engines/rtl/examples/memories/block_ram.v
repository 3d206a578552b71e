// The read is clocked: this is what a block RAM of an FPGA or a compiled SRAM can do.
module block_ram (
    input  wire       clk,
    input  wire       write,
    input  wire [3:0] address,
    input  wire [7:0] data,
    output reg  [7:0] q
);

    reg [7:0] words [0:15];

    always @(posedge clk) begin
        if (write)
            words[address] <= data;
        q <= words[address];
    end

endmodule
