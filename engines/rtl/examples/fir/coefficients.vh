// Low pass, cut-off at a tenth of the sample rate, Hamming window, scaled by 512.
// The other half of the taps is the mirror image.
function signed [7:0] coefficient(input integer k);
    case (k)
        0: coefficient = -2;
        1: coefficient = -2;
        2: coefficient = -2;
        3: coefficient = 5;
        4: coefficient = 23;
        5: coefficient = 51;
        6: coefficient = 82;
        default: coefficient = 101;
    endcase
endfunction
