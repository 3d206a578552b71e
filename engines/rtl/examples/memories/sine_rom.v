// A table that nobody writes: one period of a sine wave, 128 + 127 sin(2 pi n / 16).
module sine_rom (
    input  wire       clk,
    input  wire [3:0] address,
    output reg  [7:0] q
);

    reg [7:0] words [0:15];

    initial begin
        words[0]  = 128; words[1]  = 177; words[2]  = 218; words[3]  = 245;
        words[4]  = 255; words[5]  = 245; words[6]  = 218; words[7]  = 177;
        words[8]  = 128; words[9]  = 79;  words[10] = 38;  words[11] = 11;
        words[12] = 1;   words[13] = 11;  words[14] = 38;  words[15] = 79;
    end

    always @(posedge clk)
        q <= words[address];

endmodule
