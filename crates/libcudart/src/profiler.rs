//! The profiler's switch.

use crate::context;
use crate::driver as cu;

api! {
    fn cudaProfilerStart() {
        context::ensure()?;
        cu::cuProfilerStart()
    }

    fn cudaProfilerStop() {
        context::ensure()?;
        cu::cuProfilerStop()
    }
}
