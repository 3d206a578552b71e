// The read is not clocked: small and quick, but no block RAM can do it.
module distributed_ram (
    input  wire       clk,
    input  wire       write,
    input  wire [3:0] address,
    input  wire [7:0] data,
    output wire [7:0] q
);

    reg [7:0] words [0:15];

    assign q = words[address];

    always @(posedge clk) begin
        if (write)
            words[address] <= data;
    end

endmodule
