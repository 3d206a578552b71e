import { describe, expect, it } from 'vitest';
import { lines, simulate } from './simulate.fixture.ts';

describe('assignments and time', () => {
  it('takes nonblocking values before any of them is written', () => {
    expect(lines('reg [3:0] a = 1, b = 2; initial begin a <= b; b <= a; #1 $display("%0d %0d", a, b); end')).toEqual([
      '2 1',
    ]);
  });

  it('keeps the order of several nonblocking assignments to one variable', () => {
    expect(
      lines('reg a = 0; always @(a) $display("%b", a); initial begin #1 a <= 1; a <= 0; a <= 1; #1 $finish; end'),
    ).toContain('1');
  });

  it('takes the right side at once and assigns after an intra-assignment delay', () => {
    expect(
      lines('integer a = 1, b; initial begin b = #5 a; $display("%0t %0d", $time, b); end initial #2 a = 7;'),
    ).toEqual(['5 1']);
  });

  it('waits for events within an assignment', () => {
    expect(
      lines(
        'reg c = 0; integer b; initial begin b = repeat (2) @(posedge c) 5; $display("%0t %0d", $time, b); end initial repeat (4) #1 c = ~c;',
      ),
    ).toEqual(['3 5']);
  });

  it('transports delayed nonblocking assignments', () => {
    expect(
      lines('reg a = 0; initial begin a <= #3 1; a <= #5 0; end always @(a) $display("%0t %b", $time, a);').filter(
        (it) => /^[35]/.test(it),
      ),
    ).toEqual(['3 1', '5 0']);
  });

  it('scales delays to the finest precision and rounds to their own', () => {
    const source =
      '`timescale 10ns/1ns\nmodule t; initial begin #1.26 $display("%0t", $time); $display("%g", $realtime); end endmodule\n`timescale 1ns/1ps\nmodule u; endmodule';
    expect(simulate(source).outcome.timeTicks).toBe(13_000);
  });
});

describe('the order within a time step', () => {
  it('starts what waits for levels before everything else', () => {
    expect(
      lines('reg a; initial a = 1; always @(a) $display("seen"); always @(posedge a) $display("missed");'),
    ).toEqual(['seen']);
  });

  it('wakes the newest waiter first, then the other way round', () => {
    expect(
      lines(
        'event e; always @e $display("a"); always @e $display("b"); initial begin #1 ->e; #1 ->e; #1 $finish; end',
      ).join(''),
    ).toBe('baab');
  });

  it('runs #0 after all that is active, and nonblocking updates after that', () => {
    expect(
      lines(
        'integer i = 0; initial begin i <= 3; #0 $display("b%0d", i); #0; #1 $display("d%0d", i); end initial $display("a%0d", i);',
      ),
    ).toEqual(['a0', 'b0', 'd3']);
  });

  it('runs always_comb once at time 0', () => {
    expect(lines('logic y; always_comb y = 1; initial #1 $display("%b", y);')).toEqual(['1']);
  });
});

describe('threads', () => {
  it('joins all, any and none', () => {
    expect(
      lines(`initial begin
        fork #2 $display("a"); #1 $display("b"); join
        $display("all %0t", $time);
        fork #2 $display("c"); #1 $display("d"); join_any
        $display("any %0t", $time);
        fork #5 $display("e"); join_none
        $display("none %0t", $time);
        wait fork;
        $display("end %0t", $time);
      end`),
    ).toEqual(['b', 'a', 'all 2', 'd', 'any 3', 'none 3', 'c', 'e', 'end 8']);
  });

  it('ends a block from another thread, with what it forked', () => {
    expect(
      lines(`initial begin : outer
        begin : work
          fork #3 $display("never"); #4 $display("nor this"); join
          $display("nor that");
        end
        $display("left at %0t", $time);
      end
      initial #2 disable outer.work;`),
    ).toEqual(['left at 2']);
  });

  it('leaves a loop by disabling the block around it', () => {
    expect(
      lines(`integer i; initial begin : all
        for (i = 0; i < 9; i = i + 1) begin : round
          if (i == 1) disable round;
          if (i == 3) disable all;
          $display("%0d", i);
        end
      end`),
    ).toEqual(['0', '2']);
  });

  it('gives each call of an automatic task its own variables', () => {
    expect(
      lines(`task automatic wait_and_say(input integer n);
        integer twice; begin twice = 2 * n; #n $display("%0d at %0t", twice, $time); end
      endtask
      initial fork wait_and_say(3); wait_and_say(1); join`),
    ).toEqual(['2 at 1', '6 at 3']);
  });

  it('shares the variables of a block with the branches that it forks', () => {
    expect(
      lines(`initial for (int i = 0; i < 3; i++) fork automatic int k = i; #k $display("%0d", k); join_none`),
    ).toEqual(['0', '1', '2']);
  });

  it('waits for a condition, without waiting when it holds', () => {
    expect(
      lines(
        'reg a = 0; initial begin wait (a) $display("%0t", $time); wait (a) $display("%0t", $time); end initial #3 a = 1;',
      ),
    ).toEqual(['3', '3']);
  });

  it('disables only its own children by disable fork', () => {
    expect(
      lines(
        'initial begin fork #1 $display("no"); join_none disable fork; #2 $display("end"); end initial #1 $display("other");',
      ),
    ).toEqual(['other', 'end']);
  });
});

describe('nets', () => {
  it.each([
    ['wire', 'x', '1', '1'],
    ['wand', '0', '1', '1'],
    ['wor', '1', '1', '1'],
  ])('%s resolves 0 with 1, 1 with 1 and 1 with z', (kind, mixed, same, free) => {
    const got = lines(
      `reg a, b; ${kind} w; assign w = a; assign w = b; initial begin a = 0; b = 1; #1 $display("%b", w); a = 1; #1 $display("%b", w); a = 1'bz; #1 $display("%b", w); end`,
    );
    expect(got).toEqual([mixed, same, free]);
  });

  it('pulls what nothing drives', () => {
    expect(
      lines(
        'reg e = 0; tri0 a = e ? 1\'b1 : 1\'bz; tri1 b = e ? 1\'b0 : 1\'bz; initial begin #1 $display("%b%b", a, b); e = 1; #1 $display("%b%b", a, b); end',
      ),
    ).toEqual(['01', '10']);
  });

  it('lets the stronger driver win, and says so with %v', () => {
    expect(
      lines(
        'wire w; assign (pull1, pull0) w = 1; reg d = 1\'bz; assign w = d; initial begin #1 $display("%v", w); d = 0; #1 $display("%v", w); end',
      ),
    ).toEqual(['Pu1', 'St0']);
  });

  it('keeps a charge', () => {
    expect(
      lines(
        'reg e = 1, d = 1; trireg c; bufif1 (c, d, e); initial begin #1 e = 0; #1 d = 0; #1 $display("%b %v", c, c); end',
      ),
    ).toEqual(['1 Me1']);
  });

  it('lets values through a switch both ways', () => {
    expect(
      lines(
        'wire a, b; reg x = 1, y = 1\'bz, c = 1; assign a = x; assign b = y; tranif1 (a, b, c); initial begin #1 $display("%b%b", a, b); x = 1\'bz; y = 0; #1 $display("%b%b", a, b); c = 0; #1 $display("%b%b", a, b); end',
      ),
    ).toEqual(['11', '00', 'z0']);
  });

  it('swallows pulses that are shorter than the delay', () => {
    expect(
      lines(
        'reg a = 0; wire #3 w = a; always @(w) $display("%0t %b", $time, w); initial begin #10 a = 1; #2 a = 0; #10 a = 1; #5 $finish; end',
      ),
    ).toEqual(['3 0', '25 1']);
  });

  it('has delays for rise, fall and turning off', () => {
    expect(
      lines(
        'reg d = 0, e = 1; wire w; bufif1 #(2, 3, 4) (w, d, e); always @(w) $display("%0t %b", $time, w); initial begin #10 d = 1; #10 d = 0; #10 e = 0; end',
      ),
    ).toEqual(['3 0', '12 1', '23 0', '34 z']);
  });

  it('joins nets through ports of both directions', () => {
    const source = `module pad(inout io, input o, input e); assign io = e ? o : 1'bz; endmodule
      module t; wire [1:0] bus; reg [1:0] o = 2'b10, e = 2'b01; pad p0(bus[0], o[0], e[0]); pad p1(bus[1], o[1], e[1]);
      initial begin #1 $display("%b", bus); e = 2'b11; #1 $display("%b", bus); end endmodule`;
    expect(simulate(source).text).toBe('z0\n10\n');
  });

  it('delays an output by the path from the input that changed last', () => {
    const source = `module buf2(input a, input b, output q); assign q = a & b; specify (a => q) = 3; (b => q) = (5, 7); endspecify endmodule
      module t; reg a = 0, b = 1; wire q; buf2 u(a, b, q); always @(q) $display("%0t %b", $time, q);
      initial begin #20 a = 1; #20 b = 0; end endmodule`;
    expect(simulate(source).text.split('\n').slice(-3)).toEqual(['23 1', '47 0', '']);
  });
});

describe('force', () => {
  it('holds a net and gives it back to its drivers', () => {
    expect(
      lines(
        'reg a = 0; wire w = a; initial begin #1 force w = 1; #1 $display("%b", w); a = 1; #1 a = 0; release w; #1 $display("%b", w); end',
      ),
    ).toEqual(['1', '0']);
  });
  it('follows its source, and leaves a variable as it was', () => {
    expect(
      lines(
        'reg a = 0, s = 1; initial begin force a = s; #1 $display("%b", a); s = 0; #1 $display("%b", a); s = 1; a = 0; #1 release a; $display("%b", a); a = 0; $display("%b", a); end',
      ),
    ).toEqual(['1', '0', '1', '0']);
  });
  it('holds single bits of a net', () => {
    expect(
      lines(
        'reg [3:0] a = 4\'b0000; wire [3:0] w = a; initial begin #1 force w[1] = 1; #1 $display("%b", w); a = 4\'b1000; #1 $display("%b", w); release w[1]; #1 $display("%b", w); end',
      ),
    ).toEqual(['0010', '1010', '1000']);
  });
  it('puts assign above assignments and force above assign', () => {
    expect(
      lines(
        'reg q = 0; initial begin assign q = 1; q = 0; $display("%b", q); force q = 0; $display("%b", q); release q; $display("%b", q); deassign q; q = 0; $display("%b", q); end',
      ),
    ).toEqual(['1', '0', '1', '0']);
  });
});

describe('runs that do not end by themselves', () => {
  const ending = (source: string, backEnd: 'interpreted' | 'compiled') => {
    const { end } = simulate(source, { backEnd }).outcome;
    if (end.kind !== 'limit') throw new Error(`It ended as ${end.kind}.`);
    return end;
  };
  it.each(['interpreted', 'compiled'] as const)('finds a loop without delay (%s)', (backEnd) => {
    const end = ending('module t; integer i = 0;\ninitial #1\nwhile (1) i = i + 1; endmodule', backEnd);
    expect(end.problem.code).toBe('endless-loop');
    expect(end.problem.where).toMatchObject({ file: 't.sv', line: 3 });
  });
  it.each(['interpreted', 'compiled'] as const)('names the lines of logic that oscillates (%s)', (backEnd) => {
    const end = ending(
      'module t; reg a; wire d, e;\nassign d = a & ~e;\nassign e = d;\ninitial begin a = 0; #5 a = 1; end endmodule',
      backEnd,
    );
    expect(end.problem.code).toBe('oscillation');
    expect(end.problem.what).toContain('t.sv:2');
    expect(end.problem.what).toContain('t.sv:3');
  });
  it('stops a fork that goes on for ever', () => {
    const end = ending('module t; initial forever fork #1; join_none endmodule', 'interpreted');
    expect(['too-many-threads', 'endless-loop']).toContain(end.problem.code);
  });
  it('stops at the limit of time', () => {
    const source = 'module t; reg c = 0; always #5 c = ~c; endmodule';
    const limits = { timeTicks: 1000, memoryBytes: 1e8, stepEvents: 1000, outputChars: 1000, waveBytes: 1000 };
    expect(simulate(source, { limits }).outcome).toMatchObject({
      end: { kind: 'limit', limit: 'timeTicks' },
      timeTicks: 1000,
    });
  });
  it('stops at the limit of memory before it is taken', () => {
    expect(() => simulate('module t; reg [63:0] m [0:99999999]; endmodule')).toThrow(/more than the limit/);
  });
  it('names a recursion without end', () => {
    const { end } = simulate(
      'module t; function automatic integer f(input integer n); f = f(n) + 1; endfunction initial $display(f(1)); endmodule',
    ).outcome;
    expect(end).toMatchObject({ kind: 'error', problem: { code: 'endless-recursion' } });
  });
});

describe('how a run ends', () => {
  it('runs final procedures, also after $finish', () => {
    expect(lines('initial #1 $finish; final $display("bye");')).toEqual(['bye']);
  });
  it('tells $finish, $stop and running dry apart', () => {
    expect(simulate('module t; initial $finish; endmodule').outcome.end.kind).toBe('finish');
    expect(simulate('module t; initial $stop; endmodule').outcome.end.kind).toBe('stop');
    expect(simulate('module t; initial ; endmodule').outcome.end.kind).toBe('dry');
    const fatal = simulate('module t; initial $fatal(1, "no"); endmodule').outcome;
    expect(fatal.exitStatus).toBe(1);
  });
  it('comes out the same whatever the slices', () => {
    const source =
      'module t; reg [7:0] a = 0; always #1 a = a * 5 + 1; always @(a) if (a[3]) $display("%d", a); initial #300 $finish; endmodule';
    const whole = simulate(source);
    expect(whole.text.split('\n').length).toBeGreaterThan(50);
    expect(simulate(source, { backEnd: 'compiled' }).text).toBe(whole.text);
  });
});

describe('SystemVerilog data', () => {
  it('keeps queues, maps and strings', () => {
    expect(
      lines(`int q[$]; int m[string]; string s; initial begin
        q.push_back(3); q.push_front(1); q.insert(1, 2); s = "";
        foreach (q[i]) s = {s, $sformatf("%0d,", q[i])};
        m["b"] = 2; m["a"] = 1;
        $display("%s %0d %0d %0d", s, q.size(), m.num(), m.exists("c"));
        $display("%0d %0d", q.pop_back(), q.sum());
      end`),
    ).toEqual(['1,2,3, 3 2 0', '3 3']);
  });
  it('steps through enums', () => {
    expect(
      lines(
        'typedef enum logic [1:0] {A, B = 2, C} e; e s = A; initial repeat (3) begin $write("%s ", s.name()); s = s.next(); end',
      ),
    ).toEqual(['A B C']);
  });
});

describe('force on nets with switches', () => {
  it('acts through a switch, and what it holds is not changed by it', () => {
    expect(
      lines(
        'reg a = 1; wire x, y; assign x = a; assign y = a; tran (x, y); initial begin #1 force x = 0; #1 $display("%b%b", x, y); release x; #1 $display("%b%b", x, y); end',
      ),
    ).toEqual(['0x', '11']);
  });
});
