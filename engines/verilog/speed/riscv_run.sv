`timescale 1ns/1ns
// The gallery's core runs a loop of loads, stores, shifts and adds for 150,000 clocks.
module riscv_run;
    reg clk = 0, reset = 1;
    wire [31:0] instruction_address, data_address, store_word;
    wire [3:0] data_write;
    wire data_read, halted;
    reg [31:0] code [0:63], data [0:1023];
    wire [31:0] instruction = code[instruction_address[7:2]];
    wire [31:0] load_word = data[data_address[11:2]];
    integer n, lane;
    riscv dut (.clk(clk), .reset(reset), .instruction_address(instruction_address), .instruction(instruction),
               .data_address(data_address), .data_read(data_read), .load_word(load_word),
               .data_write(data_write), .store_word(store_word), .halted(halted));
    always #5 clk = ~clk;
    always @(posedge clk)
        for (lane = 0; lane < 4; lane = lane + 1)
            if (data_write[lane]) data[data_address[11:2]][8*lane +: 8] <= store_word[8*lane +: 8];
    initial begin
        for (n = 0; n < 1024; n = n + 1) data[n] = n * 32'h9e3779b9;
        for (n = 0; n < 64; n = n + 1) code[n] = 32'h00000013;
        code[0] = 32'h00000093;   // addi x1, x0, 0
        code[1] = 32'h00000113;   // addi x2, x0, 0
        code[2] = 32'h0000a183;   // lw   x3, 0(x1)
        code[3] = 32'h00310133;   // add  x2, x2, x3
        code[4] = 32'h00111213;   // slli x4, x2, 1
        code[5] = 32'h00224133;   // xor  x2, x4, x2
        code[6] = 32'h0020a023;   // sw   x2, 0(x1)
        code[7] = 32'h00408093;   // addi x1, x1, 4
        code[8] = 32'h7ff0f093;   // andi x1, x1, 2047
        code[9] = 32'hfe5ff06f;   // jal  x0, -28
        repeat (3) @(negedge clk);
        reset = 0;
        repeat (150000) @(negedge clk);
        $display("x2 at %h %h", instruction_address, data[17]);
        if (halted) $display("FAIL: halted");
        $finish;
    end
endmodule
