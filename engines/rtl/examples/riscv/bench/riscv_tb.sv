`timescale 1ns/1ns
// First a program, assembled below, whose results are known; then random instructions in step with a
// model of the instruction set that is written apart from the core.
module riscv_tb;
    reg clk = 0, reset = 1;
    wire [31:0] instruction_address, data_address, store_word;
    wire [3:0] data_write;
    wire data_read, halted;
    reg [31:0] code [0:1023], data [0:1023], shadow [0:1023];
    wire [31:0] instruction = code[instruction_address[11:2]];
    wire [31:0] load_word = data[data_address[11:2]];

    riscv dut (.clk(clk), .reset(reset), .instruction_address(instruction_address), .instruction(instruction),
               .data_address(data_address), .data_read(data_read), .load_word(load_word),
               .data_write(data_write), .store_word(store_word), .halted(halted));

    always #5 clk = ~clk;

    integer lane;
    always @(posedge clk)
        for (lane = 0; lane < 4; lane = lane + 1)
            if (data_write[lane]) data[data_address[11:2]][8*lane +: 8] <= store_word[8*lane +: 8];

    // ------------------------------------------------------------------------------- assembler
    integer at;
    task put(input [31:0] word); begin code[at] = word; at = at + 1; end endtask
    task i_type(input [6:0] op, input [2:0] f3, input [4:0] rd, input [4:0] rs1, input [11:0] imm);
        put({imm, rs1, f3, rd, op});
    endtask
    task r_type(input [6:0] f7, input [2:0] f3, input [4:0] rd, input [4:0] rs1, input [4:0] rs2);
        put({f7, rs2, rs1, f3, rd, 7'h33});
    endtask
    task s_type(input [2:0] f3, input [4:0] rs2, input [4:0] rs1, input [11:0] imm);
        put({imm[11:5], rs2, rs1, f3, imm[4:0], 7'h23});
    endtask
    task b_type(input [2:0] f3, input [4:0] rs1, input [4:0] rs2, input [12:0] off);
        put({off[12], off[10:5], rs2, rs1, f3, off[4:1], off[11], 7'h63});
    endtask
    task jal(input [4:0] rd, input [20:0] off);
        put({off[20], off[10:1], off[11], off[19:12], rd, 7'h6f});
    endtask
    task addi(input [4:0] rd, input [4:0] rs1, input [11:0] imm); i_type(7'h13, 3'd0, rd, rs1, imm); endtask
    task add(input [4:0] rd, input [4:0] rs1, input [4:0] rs2); r_type(7'd0, 3'd0, rd, rs1, rs2); endtask
    task ebreak; put(32'h00100073); endtask

    // ------------------------------------------------------------------------------- model
    reg [31:0] x [0:31], mpc, addr, value, op1, op2, ins, next, imm_i, imm_s, imm_b, imm_u, imm_j;
    reg mhalt, wr;
    reg [4:0] mrd;
    task model_step;
        begin
            ins = code[mpc[11:2]];
            op1 = x[ins[19:15]];
            op2 = x[ins[24:20]];
            imm_i = $signed(ins) >>> 20;
            imm_s = {{20{ins[31]}}, ins[31:25], ins[11:7]};
            imm_b = {{20{ins[31]}}, ins[7], ins[30:25], ins[11:8], 1'b0};
            imm_u = ins & 32'hfffff000;
            imm_j = {{12{ins[31]}}, ins[19:12], ins[20], ins[30:21], 1'b0};
            mrd = ins[11:7];
            next = mpc + 4;
            mhalt = 0;
            wr = 0;
            casez (ins)
                32'b?????????????????????????0110111: begin wr = 1; value = imm_u; end
                32'b?????????????????????????0010111: begin wr = 1; value = mpc + imm_u; end
                32'b?????????????????????????1101111: begin wr = 1; value = mpc + 4; next = mpc + imm_j; end
                32'b?????????????????000?????1100111: begin wr = 1; value = mpc + 4; next = (op1 + imm_i) & ~32'd1; end
                32'b?????????????????000?????1100011: if (op1 == op2) next = mpc + imm_b;
                32'b?????????????????001?????1100011: if (op1 != op2) next = mpc + imm_b;
                32'b?????????????????100?????1100011: if ($signed(op1) < $signed(op2)) next = mpc + imm_b;
                32'b?????????????????101?????1100011: if ($signed(op1) >= $signed(op2)) next = mpc + imm_b;
                32'b?????????????????110?????1100011: if (op1 < op2) next = mpc + imm_b;
                32'b?????????????????111?????1100011: if (op1 >= op2) next = mpc + imm_b;
                32'b?????????????????000?????0000011: begin wr = 1; load(1, 1); end
                32'b?????????????????001?????0000011: begin wr = 1; load(2, 1); end
                32'b?????????????????010?????0000011: begin wr = 1; load(4, 0); end
                32'b?????????????????100?????0000011: begin wr = 1; load(1, 0); end
                32'b?????????????????101?????0000011: begin wr = 1; load(2, 0); end
                32'b?????????????????000?????0100011: store(1);
                32'b?????????????????001?????0100011: store(2);
                32'b?????????????????010?????0100011: store(4);
                32'b?????????????????000?????0010011: begin wr = 1; value = op1 + imm_i; end
                32'b?????????????????010?????0010011: begin wr = 1; value = $signed(op1) < $signed(imm_i); end
                32'b?????????????????011?????0010011: begin wr = 1; value = op1 < imm_i; end
                32'b?????????????????100?????0010011: begin wr = 1; value = op1 ^ imm_i; end
                32'b?????????????????110?????0010011: begin wr = 1; value = op1 | imm_i; end
                32'b?????????????????111?????0010011: begin wr = 1; value = op1 & imm_i; end
                32'b0000000??????????001?????0010011: begin wr = 1; value = op1 << ins[24:20]; end
                32'b0000000??????????101?????0010011: begin wr = 1; value = op1 >> ins[24:20]; end
                32'b0100000??????????101?????0010011: begin wr = 1; value = $signed(op1) >>> ins[24:20]; end
                32'b0000000??????????000?????0110011: begin wr = 1; value = op1 + op2; end
                32'b0100000??????????000?????0110011: begin wr = 1; value = op1 - op2; end
                32'b0000000??????????001?????0110011: begin wr = 1; value = op1 << op2[4:0]; end
                32'b0000000??????????010?????0110011: begin wr = 1; value = $signed(op1) < $signed(op2); end
                32'b0000000??????????011?????0110011: begin wr = 1; value = op1 < op2; end
                32'b0000000??????????100?????0110011: begin wr = 1; value = op1 ^ op2; end
                32'b0000000??????????101?????0110011: begin wr = 1; value = op1 >> op2[4:0]; end
                32'b0100000??????????101?????0110011: begin wr = 1; value = $signed(op1) >>> op2[4:0]; end
                32'b0000000??????????110?????0110011: begin wr = 1; value = op1 | op2; end
                32'b0000000??????????111?????0110011: begin wr = 1; value = op1 & op2; end
                32'b?????????????????????????0001111: ;
                default: mhalt = 1;
            endcase
            if (next[1]) mhalt = 1;
            if (!mhalt) begin
                if (wr && mrd != 0) x[mrd] = value;
                mpc = next;
            end
        end
    endtask
    task load(input integer size, input integer signed_);
        integer n;
        begin
            addr = op1 + imm_i;
            if (addr % size != 0) mhalt = 1;
            value = 0;
            for (n = size - 1; n >= 0; n = n - 1) value = (value << 8) | byte_of(addr + n);
            if (signed_ && size == 1 && value[7]) value = value - 256;
            if (signed_ && size == 2 && value[15]) value = value - 65536;
        end
    endtask
    function [7:0] byte_of(input [31:0] a);
        byte_of = shadow[a[11:2]] >> (8 * a[1:0]);
    endfunction
    task store(input integer size);
        integer n;
        reg [31:0] a;
        begin
            addr = op1 + imm_s;
            if (addr % size != 0) mhalt = 1;
            else
                for (n = 0; n < size; n = n + 1) begin
                    a = addr + n;
                    shadow[a[11:2]] = (shadow[a[11:2]] & ~(32'hff << (8 * a[1:0])))
                                    | (((op2 >> (8 * n)) & 8'hff) << (8 * a[1:0]));
                end
        end
    endtask

    // Which of the 38 instructions have been executed (ECALL and EBREAK apart).
    reg seen [0:511];
    integer kinds = 0;
    reg [8:0] kind;
    task cover_instruction;
        begin
            case (ins[6:0])
                7'h37, 7'h17, 7'h6f, 7'h0f: kind = {4'd0, ins[6:2]};
                7'h33: kind = {ins[30], ins[14:12], ins[6:2]};
                7'h13: kind = {ins[30] & (ins[14:12] == 3'd5), ins[14:12], ins[6:2]};
                default: kind = {1'b0, ins[14:12], ins[6:2]};
            endcase
            if (seen[kind] !== 1'b1) kinds = kinds + 1;
            seen[kind] = 1;
        end
    endtask

    // ------------------------------------------------------------------------------- random programs
    integer seed = 77, errors = 0, i, n, episode, steps, halts = 0, executed = 0, clocks;
    reg [31:0] r;
    function [31:0] random_instruction(input integer unused);
        reg [31:0] a, b;
        reg [6:0] f7;
        begin
            a = $random(seed);
            b = $random(seed);
            f7 = a[25] ? 7'h20 : 7'h00;
            if (b[6:3] == 0) f7 = 7'd1 << a[27:25];         // legal by chance only
            case (b[31:28])
                0: random_instruction = {a[31:7], 7'h37};
                1: random_instruction = {a[31:7], 7'h17};
                2: random_instruction = {a[31], 10'd4, a[30], 8'd0, a[11:7], 7'h6f};
                // Jumps and accesses relative to register 0, so that most are aligned.
                3: random_instruction = {a[31:22], b[3:0] == 0, 1'b0, 5'd0, 3'd0, a[11:7], 7'h67};
                4, 5: random_instruction = {a[31:9], b[3:0] == 0, a[7] & 1'b0, 7'h63};
                6, 7: random_instruction = {a[31:22], b[1:0] & {2{b[3:2] == 0}}, b[4] ? 5'd0 : a[19:15], a[14:7], 7'h03};
                8, 9: random_instruction = {a[31:20], b[4] ? 5'd0 : a[19:15], a[14:9], b[1:0] & {2{b[3:2] == 0}}, 7'h23};
                10, 11, 12: random_instruction = {(a[13:12] == 2'b01) ? f7 : a[31:25], a[24:7], 7'h13};
                13, 14: random_instruction = {(a[14:12] == 0 || a[14:12] == 5 || b[6:3] == 0) ? f7 : 7'd0, a[24:7], 7'h33};
                default: random_instruction = (b[5:0] == 0) ? a : {a[31:7], 7'h0f};
            endcase
        end
    endfunction

    initial begin
        // Sum of an array by a subroutine that multiplies by shifting and adding; bytes moved one by one.
        for (i = 0; i < 1024; i = i + 1) begin code[i] = 32'h00100073; data[i] = 0; end
        for (i = 0; i < 8; i = i + 1) data[i] = 100 * i + 7;        // the array at 0
        at = 0;
        addi(5'd10, 5'd0, 12'd0);                // 00 x10: pointer
        addi(5'd11, 5'd0, 12'd32);               // 04 x11: end
        addi(5'd12, 5'd0, 12'd0);                // 08 x12: sum of squares
        i_type(7'h03, 3'd2, 5'd5, 5'd10, 12'd0); // 0c loop: lw x5, 0(x10)
        add(5'd6, 5'd5, 5'd0);                   // 10
        jal(5'd1, 21'd36);                       // 14 call 38
        add(5'd12, 5'd12, 5'd7);                 // 18
        addi(5'd10, 5'd10, 12'd4);               // 1c
        b_type(3'd6, 5'd10, 5'd11, -13'sd20);    // 20 bltu x10, x11, loop
        s_type(3'd2, 5'd12, 5'd0, 12'd64);       // 24 sw x12, 64(x0)
        i_type(7'h03, 3'd0, 5'd8, 5'd0, 12'd65); // 28 lb x8, 65(x0)
        s_type(3'd1, 5'd8, 5'd0, 12'd70);        // 2c sh x8, 70(x0)
        s_type(3'd0, 5'd12, 5'd0, 12'd69);       // 30 sb x12, 69(x0)
        ebreak;                                  // 34
        addi(5'd7, 5'd0, 12'd0);                 // 38 x7 = x5 * x6
        i_type(7'h13, 3'd7, 5'd9, 5'd6, 12'd1);  // 3c again: andi x9, x6, 1
        b_type(3'd0, 5'd9, 5'd0, 13'd8);         // 40 beq x9, x0, +8
        add(5'd7, 5'd7, 5'd5);                   // 44
        i_type(7'h13, 3'd1, 5'd5, 5'd5, 12'd1);  // 48 slli x5, x5, 1
        i_type(7'h13, 3'd5, 5'd6, 5'd6, 12'd1);  // 4c srli x6, x6, 1
        b_type(3'd1, 5'd6, 5'd0, -13'sd20);      // 50 bne x6, x0, again
        i_type(7'h67, 3'd0, 5'd0, 5'd1, 12'd0);  // 54 jalr x0, 0(x1)
        @(negedge clk); @(negedge clk);
        reset = 0;
        clocks = 0;
        while (!halted && clocks < 2000) begin clocks = clocks + 1; @(negedge clk); end
        // The squares of 7, 107 ... 707 add up to 1439592 = 0x15f768; its second byte is 0xf7.
        if (!halted || instruction_address !== 32'h34 || data[16] !== 32'd1439592 || data[17] !== 32'hfff76800) begin
            errors = errors + 1;
            $display("FAIL the program left %0d and %h at %h", data[16], data[17], instruction_address);
        end

        for (i = 1; i < 32; i = i + 1) begin
            x[i] = $random(seed);
            dut.registers.words[i] = x[i];
        end
        x[0] = 0;
        for (i = 0; i < 1024; i = i + 1) begin data[i] = $random(seed); shadow[i] = data[i]; end
        for (episode = 0; episode < 1200; episode = episode + 1) begin
            reset = 1;
            for (i = 0; i < 1024; i = i + 1) if (episode % 30 == 0) code[i] = random_instruction(0);
            @(negedge clk);
            reset = 0;
            mpc = 0;
            // Start somewhere else each time: a jump to a random word.
            r = $random(seed);
            code[0] = {1'b0, r[10:2], 1'b0, 1'b0, 8'd0, 5'd0, 7'h6f};
            mhalt = 0;
            steps = 0;
            while (!mhalt && steps < 60) begin
                #1;
                if (instruction_address !== mpc) errors = errors + 1;
                model_step;
                if (!mhalt) cover_instruction;
                @(negedge clk);
                if (halted !== mhalt) errors = errors + 1;
                if (wr && dut.registers.words[mrd] !== x[mrd] && mrd != 0) begin
                    errors = errors + 1;
                    if (errors < 10) $display("FAIL %h: x%0d is %h, expected %h", ins, mrd, dut.registers.words[mrd], x[mrd]);
                end
                steps = steps + 1;
                executed = executed + 1;
                if (errors > 20) begin $display("FAIL"); $finish; end
            end
            if (mhalt) halts = halts + 1;
        end
        for (i = 1; i < 32; i = i + 1) if (dut.registers.words[i] !== x[i]) errors = errors + 1;
        for (i = 0; i < 1024; i = i + 1) if (data[i] !== shadow[i]) errors = errors + 1;
        if (executed < 5000 || halts < 100 || kinds != 38) errors = errors + 1;
        if (errors == 0) $display("PASS");
        else $display("FAIL %0d errors", errors);
        $display("%0d instructions of %0d kinds, %0d halts", executed, kinds, halts);
        $finish;
    end
endmodule
