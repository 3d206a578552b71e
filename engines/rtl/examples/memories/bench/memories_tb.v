`timescale 1ns/1ns
module memories_tb;
    reg clk = 0, reset = 1, write = 0;
    reg [3:0] address = 0;
    reg [7:0] data = 0;
    wire [7:0] from_block, from_distributed, from_rom, from_cleared;
    reg [7:0] model [0:15], cleared [0:15], previous, table_value;
    integer i, n, errors, seed;

    memories dut (.clk(clk), .reset(reset), .write(write), .address(address), .data(data),
        .from_block(from_block), .from_distributed(from_distributed), .from_rom(from_rom), .from_cleared(from_cleared));

    always #5 clk = ~clk;

    initial begin
        errors = 0;
        seed = 8;
        @(negedge clk);
        reset = 0;
        write = 1;
        for (i = 0; i < 16; i = i + 1) begin
            address = i; data = $random(seed);
            model[i] = data; cleared[i] = data;
            @(negedge clk);
        end
        for (i = 0; i < 3000; i = i + 1) begin
            reset = ($random(seed) & 127) == 0;
            write = $random(seed);
            address = $random(seed);
            data = $random(seed);
            #1;
            if (reset) for (n = 0; n < 16; n = n + 1) cleared[n] = 0;
            if (from_distributed !== model[address] || from_cleared !== cleared[address]) errors = errors + 1;
            previous = model[address];
            table_value = $rtoi(128.5 + 127.0 * $sin(2.0 * 3.14159265358979 * address / 16.0));
            if (write) begin model[address] = data; cleared[address] = reset ? 8'd0 : data; end
            @(negedge clk);
            // A clocked read gives the word as it was before the edge.
            if (from_block !== previous || from_rom !== table_value) errors = errors + 1;
        end
        if (errors == 0) $display("PASS");
        else $display("FAIL %0d errors", errors);
        $finish;
    end
endmodule
