//! Generated control flow without structure: blocks that jump to each other as they like, loops with several entries
//! among them, until a counter of steps runs out.

use crate::generate::Gen;
use crate::scope::{Scope, Shape, pure_op};
use ir::{Block, BlockCall, IntCc, Op, Type, Value};

/// Parameters of each block: steps left, and two values that change on the way.
const STATE: [Type; 3] = [Type::I32, Type::I32, Type::F32];

impl Gen<'_, '_, '_> {
    /// A handful of blocks; which comes next depends on the thread's values.
    pub(crate) fn tangle(&mut self, scope: &mut Scope) {
        let blocks: Vec<Block> = (0..2 + self.tape.below(4)).map(|_| self.join(&STATE)).collect();
        let after = self.join(&STATE[1..]);
        let (steps, _) = scope.pick(&mut self.b, self.tape, Type::I32);
        let most = self.u32(15);
        let steps = self.b.bin(Op::And, steps, most);
        let mut state = vec![steps];
        state.extend(self.arguments(scope, &STATE[1..]));
        self.fork(scope, &blocks, &state);
        for &block in &blocks {
            self.b.switch_to(block);
            let params = self.b.func.block(block).params.clone();
            let mut inner = scope.clone();
            for (&param, ty) in params.iter().zip(STATE) {
                inner.add(param, ty, Shape::Varying);
            }
            for _ in 0..self.tape.below(3) {
                pure_op(&mut self.b, self.tape, &mut inner);
            }
            if self.tape.one_in(4) {
                self.local_memory(&mut inner);
            }
            let values = self.arguments(&inner, &STATE[1..]);
            let zero = self.u32(0);
            let tired = self.b.icmp(IntCc::Eq, params[0], zero);
            let on = self.b.new_block();
            self.b.branch(tired, BlockCall::with(after, &values), BlockCall::new(on));
            self.b.switch_to(on);
            let less = self.u32(u32::MAX);
            let mut state = vec![self.b.iadd(params[0], less)];
            state.extend(values);
            self.fork(&inner, &blocks, &state);
        }
        self.enter_join(after, scope);
    }

    /// Goes on in one of two blocks.
    fn fork(&mut self, scope: &Scope, blocks: &[Block], state: &[Value]) {
        let (cond, _) = self.condition(scope);
        let [then, els] = [0; 2].map(|_| blocks[self.tape.below(blocks.len())]);
        self.b.branch(cond, BlockCall::with(then, state), BlockCall::with(els, state));
    }
}
