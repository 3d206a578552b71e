// Two arbiters that read alike. The first forgets a case, so it has to remember:
// when nobody asks, `trapped` keeps its old value, and that takes latches.
module latch_trap (
    input  wire [3:0] request,
    output reg  [1:0] trapped,
    output reg  [1:0] mended,
    output reg        granted
);

    always @* begin
        if (request[0])
            trapped = 2'd0;
        else if (request[1])
            trapped = 2'd1;
        else if (request[2])
            trapped = 2'd2;
        else if (request[3])
            trapped = 2'd3;
        // No final else: what is `trapped` when request is 0000?
    end

    // The cure: give every output a value before anything else happens.
    always @* begin
        mended  = 2'd0;
        granted = 1'b1;
        if (request[0])
            mended = 2'd0;
        else if (request[1])
            mended = 2'd1;
        else if (request[2])
            mended = 2'd2;
        else if (request[3])
            mended = 2'd3;
        else
            granted = 1'b0;
    end

endmodule
