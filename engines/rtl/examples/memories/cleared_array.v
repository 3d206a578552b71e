// A reset clears all words at once. No memory can do that, so each bit becomes a flip-flop with a reset.
module cleared_array (
    input  wire       clk,
    input  wire       reset,
    input  wire       write,
    input  wire [3:0] address,
    input  wire [7:0] data,
    output wire [7:0] q
);

    reg [7:0] words [0:15];

    assign q = words[address];

    integer i;
    always @(posedge clk or posedge reset) begin
        if (reset)
            for (i = 0; i < 16; i = i + 1)
                words[i] <= 8'd0;
        else if (write)
            words[address] <= data;
    end

endmodule
