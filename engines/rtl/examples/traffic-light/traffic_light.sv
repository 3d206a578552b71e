// A crossing of a main road and a side road with a button for pedestrians.
// The main road stays green until somebody on the side road or on foot asks.
module traffic_light #(
    parameter int GREEN  = 12,   // ticks, at most 16
    parameter int YELLOW = 3,
    parameter int WALK   = 8
) (
    input  logic       clk,
    input  logic       reset,
    input  logic       tick,        // one clock long, once per unit of time
    input  logic       car,         // a car waits on the side road
    input  logic       button,      // a pedestrian presses the button
    output logic [2:0] main_light,  // {red, yellow, green}
    output logic [2:0] side_light,
    output logic       walk
);

    typedef enum logic [2:0] {
        MAIN_GREEN, MAIN_YELLOW, CROSSING, SIDE_GREEN, SIDE_YELLOW
    } state_t;

    localparam logic [2:0] STOP = 3'b100, AMBER = 3'b010, GO = 3'b001;

    state_t     state, next;
    logic [3:0] timer, duration;    // ticks left in this state; ticks of the next one, less one
    logic       waiting;            // the button, remembered
    logic       wanted;

    assign wanted = car || waiting;

    always_comb begin
        next     = state;
        duration = 4'(YELLOW - 1);
        case (state)
            MAIN_GREEN:
                if (wanted) next = MAIN_YELLOW;
                else        duration = 4'd0;
            MAIN_YELLOW:
                if (waiting) begin
                    next     = CROSSING;
                    duration = 4'(WALK - 1);
                end else begin
                    next     = SIDE_GREEN;
                    duration = 4'(GREEN - 1);
                end
            CROSSING: begin
                duration = 4'(GREEN - 1);
                if (car) next = SIDE_GREEN;
                else     next = MAIN_GREEN;
            end
            SIDE_GREEN:
                next = SIDE_YELLOW;
            default: begin
                next     = MAIN_GREEN;
                duration = 4'(GREEN - 1);
            end
        endcase
    end

    always_ff @(posedge clk) begin
        if (reset) begin
            state <= MAIN_GREEN;
            timer <= 4'(GREEN - 1);
        end else if (tick) begin
            if (timer != 4'd0) begin
                timer <= timer - 4'd1;
            end else begin
                state <= next;
                timer <= duration;
            end
        end
    end

    always_ff @(posedge clk) begin
        if (reset)
            waiting <= 1'b0;
        else if (button)
            waiting <= 1'b1;
        else if (state == CROSSING)
            waiting <= 1'b0;
    end

    always_comb begin
        main_light = STOP;
        side_light = STOP;
        walk       = 1'b0;
        case (state)
            MAIN_GREEN:  main_light = GO;
            MAIN_YELLOW: main_light = AMBER;
            SIDE_GREEN:  side_light = GO;
            SIDE_YELLOW: side_light = AMBER;
            CROSSING:    walk       = 1'b1;
            default:     ;
        endcase
    end

endmodule
