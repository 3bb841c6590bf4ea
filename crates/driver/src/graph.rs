//! Graphs: nodes with dependencies, and executable graphs made of them.
//!
//! Invariant: a graph has no cycle, because an edge that would close one is refused. An executable graph runs its nodes
//! in one topological order, fixed when it is instantiated.

use crate::handle::Table;
use crate::launch::KernelCall;
use crate::task::Task;
use crate::{Result, device, require, stream};
use ::device::Op;
use ::device::op::GraphOp;
use abi::*;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

/// A graph.
pub struct Graph {
    pub handle: CUgraph,
    pub id: u64,
    data: Mutex<Data>,
}

#[derive(Default)]
struct Data {
    nodes: Vec<Option<Node>>,
    /// Node of the graph that this one was cloned from, by its handle.
    origins: HashMap<usize, usize>,
    /// User objects with the references that the graph holds.
    held: Vec<(CUuserObject, u32)>,
}

struct Node {
    handle: CUgraphNode,
    task: Task,
    deps: Vec<usize>,
}

/// Where a node handle leads.
struct Place {
    graph: Weak<Graph>,
    index: usize,
}

/// An executable graph.
pub struct GraphExec {
    pub handle: CUgraphExec,
    pub id: u64,
    pub flags: u64,
    data: Mutex<ExecData>,
}

struct ExecData {
    nodes: Vec<ExecNode>,
    by_handle: HashMap<usize, usize>,
    /// The operations of all nodes, until one changes.
    built: Option<Arc<[GraphOp]>>,
}

struct ExecNode {
    handle: CUgraphNode,
    task: Task,
    deps: Vec<usize>,
    ops: Vec<GraphOp>,
    enabled: bool,
}

static GRAPHS: Table<Graph> = Table::new(0x4f);
static NODES: Table<Place> = Table::new(0x50);
static EXECS: Table<GraphExec> = Table::new(0x51);
static NEXT: AtomicU64 = AtomicU64::new(1);

/// The graph of a handle.
pub fn get(handle: CUgraph) -> Result<Arc<Graph>> {
    device::devices()?;
    GRAPHS.get(handle.addr()).ok_or(CUDA_ERROR_INVALID_VALUE)
}

/// The executable graph of a handle.
pub fn get_exec(handle: CUgraphExec) -> Result<Arc<GraphExec>> {
    device::devices()?;
    EXECS.get(handle.addr()).ok_or(CUDA_ERROR_INVALID_VALUE)
}

/// An empty graph.
pub fn new() -> Arc<Graph> {
    let (_, graph) = GRAPHS.insert(|handle| {
        Arc::new(Graph {
            handle: CUgraph::from_addr(handle),
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            data: Mutex::new(Data::default()),
        })
    });
    graph
}

/// `cuGraphCreate`
pub fn create(flags: u32) -> Result<CUgraph> {
    device::devices()?;
    require(flags == 0)?;
    Ok(new().handle)
}

/// `cuGraphDestroy`: executable graphs made of it live on.
pub fn destroy(handle: CUgraph) -> Result<()> {
    get(handle)?;
    GRAPHS.remove(handle.addr());
    Ok(())
}

impl Drop for Graph {
    fn drop(&mut self) {
        let data = self.data.get_mut();
        for (object, count) in data.held.drain(..) {
            // The program may have released it too often; then it is gone already.
            crate::user_object::release(object, count).ok();
        }
        let freed: Vec<u64> = data
            .nodes
            .iter()
            .flatten()
            .filter_map(|node| if let Task::Free(at) = node.task { Some(at) } else { None })
            .collect();
        for node in data.nodes.iter().flatten() {
            NODES.remove(node.handle.addr());
            // Memory that the graph itself allocates and frees ends with it; other memory is the program's.
            if let Task::Alloc(params) = &node.task
                && freed.contains(&params.at)
            {
                ::device::memory::free(params.at);
            }
        }
    }
}

/// The graph and the index of a node.
pub fn locate(node: CUgraphNode) -> Result<(Arc<Graph>, usize)> {
    device::devices()?;
    let place = NODES.get(node.addr()).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    let graph = place.graph.upgrade().ok_or(CUDA_ERROR_INVALID_VALUE)?;
    Ok((graph, place.index))
}

impl Graph {
    /// Keeps references to a user object until the graph ends.
    pub(crate) fn hold(&self, object: CUuserObject, count: u32) {
        self.data.lock().held.push((object, count));
    }

    /// Adds a node behind others.
    pub(crate) fn add(self: &Arc<Graph>, task: Task, deps: &[usize]) -> usize {
        let mut data = self.data.lock();
        let index = data.nodes.len();
        let (handle, _) = NODES.insert(|_| Arc::new(Place { graph: Arc::downgrade(self), index }));
        let mut deps = deps.to_vec();
        deps.sort_unstable();
        deps.dedup();
        data.nodes.push(Some(Node { handle: CUgraphNode::from_addr(handle), task, deps }));
        index
    }

    pub(crate) fn node_slots(&self) -> usize {
        self.data.lock().nodes.len()
    }

    /// Indices of node handles, which must be this graph's.
    pub(crate) fn indices(self: &Arc<Graph>, nodes: &[CUgraphNode]) -> Result<Vec<usize>> {
        nodes
            .iter()
            .map(|&node| {
                let (graph, index) = locate(node)?;
                require(Arc::ptr_eq(&graph, self))?;
                Ok(index)
            })
            .collect()
    }

    pub(crate) fn handles(&self, indices: &[usize]) -> Vec<CUgraphNode> {
        let data = self.data.lock();
        indices.iter().filter_map(|&index| Some(data.nodes.get(index)?.as_ref()?.handle)).collect()
    }

    /// Nodes that no other depends on.
    pub(crate) fn leaves(&self) -> Vec<usize> {
        let data = self.data.lock();
        let mut leaf: Vec<bool> = data.nodes.iter().map(Option::is_some).collect();
        for node in data.nodes.iter().flatten() {
            for &dep in &node.deps {
                leaf[dep] = false;
            }
        }
        leaf.iter().enumerate().filter(|(_, leaf)| **leaf).map(|(index, _)| index).collect()
    }

    /// Indices in a topological order that keeps the order of insertion where it can.
    fn order(&self) -> Vec<usize> {
        let data = self.data.lock();
        let count = data.nodes.len();
        let mut missing = vec![0; count];
        let mut next: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (index, node) in data.nodes.iter().enumerate() {
            for &dep in node.iter().flat_map(|node| &node.deps) {
                missing[index] += 1;
                next[dep].push(index);
            }
        }
        let present = |&index: &usize| data.nodes[index].is_some();
        let mut ready: std::collections::BTreeSet<usize> =
            (0..count).filter(present).filter(|&index| missing[index] == 0).collect();
        let mut order = Vec::new();
        while let Some(index) = ready.pop_first() {
            order.push(index);
            for &after in &next[index] {
                missing[after] -= 1;
                if missing[after] == 0 {
                    ready.insert(after);
                }
            }
        }
        order
    }

    /// All operations in order, with their nodes.
    pub(crate) fn flatten(&self) -> Result<Vec<(CUgraphNode, GraphOp)>> {
        let mut list = Vec::new();
        for index in self.order() {
            let (handle, task) = match &self.data.lock().nodes[index] {
                Some(node) => (node.handle, node.task.clone()),
                None => continue,
            };
            list.extend(task.graph_ops()?.into_iter().map(|op| (handle, op)));
        }
        Ok(list)
    }

    fn with_node<T>(&self, index: usize, use_it: impl FnOnce(&mut Node) -> T) -> Result<T> {
        let mut data = self.data.lock();
        data.nodes.get_mut(index).and_then(Option::as_mut).map(use_it).ok_or(CUDA_ERROR_INVALID_VALUE)
    }

    /// Whether `to` can be reached from `from` along edges.
    fn reaches(data: &Data, from: usize, to: usize) -> bool {
        let mut work = vec![to];
        let mut seen = vec![false; data.nodes.len()];
        while let Some(index) = work.pop() {
            if index == from {
                return true;
            }
            if std::mem::replace(&mut seen[index], true) {
                continue;
            }
            work.extend(data.nodes[index].iter().flat_map(|node| &node.deps));
        }
        false
    }
}

/// Adds a node. Errors: `CUDA_ERROR_INVALID_VALUE` for dependencies that are not in the graph.
pub fn add_node(graph: CUgraph, deps: &[CUgraphNode], task: Task) -> Result<CUgraphNode> {
    let graph = get(graph)?;
    let deps = graph.indices(deps)?;
    require((1..deps.len()).all(|at| !deps[..at].contains(&deps[at])))?;
    let index = graph.add(task, &deps);
    Ok(graph.handles(&[index])[0])
}

/// A copy of a graph, for child nodes and `cuGraphClone`.
pub fn clone(handle: CUgraph) -> Result<Arc<Graph>> {
    let source = get(handle)?;
    let copy = new();
    let slots: Vec<Option<(CUgraphNode, Task, Vec<usize>)>> = {
        let data = source.data.lock();
        data.nodes.iter().map(|n| n.as_ref().map(|n| (n.handle, n.task.clone(), n.deps.clone()))).collect()
    };
    for slot in slots {
        match slot {
            Some((handle, task, deps)) => {
                let index = copy.add(task, &deps);
                copy.data.lock().origins.insert(handle.addr(), index);
            }
            None => copy.data.lock().nodes.push(None),
        }
    }
    Ok(copy)
}

/// `cuGraphNodeFindInClone`
pub fn find_in_clone(original: CUgraphNode, clone: CUgraph) -> Result<CUgraphNode> {
    let clone = get(clone)?;
    let index = clone.data.lock().origins.get(&original.addr()).copied().ok_or(CUDA_ERROR_INVALID_VALUE)?;
    clone.handles(&[index]).first().copied().ok_or(CUDA_ERROR_INVALID_VALUE)
}

/// `cuGraphDestroyNode`
pub fn destroy_node(node: CUgraphNode) -> Result<()> {
    let (graph, index) = locate(node)?;
    let mut data = graph.data.lock();
    if let Some(node) = data.nodes[index].take() {
        NODES.remove(node.handle.addr());
    }
    for other in data.nodes.iter_mut().flatten() {
        other.deps.retain(|&dep| dep != index);
    }
    Ok(())
}

/// The task of a node.
pub fn task_of(node: CUgraphNode) -> Result<Task> {
    let (graph, index) = locate(node)?;
    graph.with_node(index, |node| node.task.clone())
}

/// Replaces the task of a node by one of the same type.
pub fn set_task(node: CUgraphNode, task: Task) -> Result<()> {
    let (graph, index) = locate(node)?;
    graph.with_node(index, |node| {
        require(node.task.node_type() == task.node_type())?;
        node.task = task;
        Ok(())
    })?
}

/// The kernel call of a kernel node.
pub fn kernel_of(node: CUgraphNode) -> Result<Arc<KernelCall>> {
    match task_of(node)? {
        Task::Kernel(call) => Ok(call),
        _ => Err(CUDA_ERROR_INVALID_VALUE),
    }
}

/// `cuGraphGetNodes`
pub fn nodes(graph: CUgraph) -> Result<Vec<CUgraphNode>> {
    Ok(get(graph)?.data.lock().nodes.iter().flatten().map(|node| node.handle).collect())
}

/// `cuGraphGetRootNodes`
pub fn roots(graph: CUgraph) -> Result<Vec<CUgraphNode>> {
    let graph = get(graph)?;
    let data = graph.data.lock();
    Ok(data.nodes.iter().flatten().filter(|node| node.deps.is_empty()).map(|node| node.handle).collect())
}

/// `cuGraphGetEdges`
pub fn edges(graph: CUgraph) -> Result<Vec<(CUgraphNode, CUgraphNode)>> {
    let graph = get(graph)?;
    let data = graph.data.lock();
    let mut list = Vec::new();
    for node in data.nodes.iter().flatten() {
        let from = node.deps.iter().filter_map(|&dep| data.nodes[dep].as_ref());
        list.extend(from.map(|from| (from.handle, node.handle)));
    }
    Ok(list)
}

/// `cuGraphNodeGetDependencies`
pub fn dependencies(node: CUgraphNode) -> Result<Vec<CUgraphNode>> {
    let (graph, index) = locate(node)?;
    let deps = graph.with_node(index, |node| node.deps.clone())?;
    Ok(graph.handles(&deps))
}

/// `cuGraphNodeGetDependentNodes`
pub fn dependents(node: CUgraphNode) -> Result<Vec<CUgraphNode>> {
    let (graph, index) = locate(node)?;
    let data = graph.data.lock();
    Ok(data
        .nodes
        .iter()
        .flatten()
        .filter(|node| node.deps.contains(&index))
        .map(|node| node.handle)
        .collect())
}

/// `cuGraphAddDependencies`. An edge twice, or one that closes a cycle, is `CUDA_ERROR_INVALID_VALUE`.
pub fn add_dependencies(graph: CUgraph, from: &[CUgraphNode], to: &[CUgraphNode]) -> Result<()> {
    let graph = get(graph)?;
    let (from, to) = (graph.indices(from)?, graph.indices(to)?);
    let mut data = graph.data.lock();
    for (&from, &to) in from.iter().zip(&to) {
        require(!Graph::reaches(&data, to, from))?;
        let node = data.nodes[to].as_mut().ok_or(CUDA_ERROR_INVALID_VALUE)?;
        require(!node.deps.contains(&from))?;
        node.deps.push(from);
    }
    Ok(())
}

/// `cuGraphRemoveDependencies`
pub fn remove_dependencies(graph: CUgraph, from: &[CUgraphNode], to: &[CUgraphNode]) -> Result<()> {
    let graph = get(graph)?;
    let (from, to) = (graph.indices(from)?, graph.indices(to)?);
    let mut data = graph.data.lock();
    for (&from, &to) in from.iter().zip(&to) {
        let node = data.nodes[to].as_mut().ok_or(CUDA_ERROR_INVALID_VALUE)?;
        require(node.deps.contains(&from))?;
        node.deps.retain(|&dep| dep != from);
    }
    Ok(())
}

fn exec_nodes(graph: &Arc<Graph>) -> Result<Vec<ExecNode>> {
    let order = graph.order();
    let place: HashMap<usize, usize> = order.iter().enumerate().map(|(at, &index)| (index, at)).collect();
    let mut nodes = Vec::with_capacity(order.len());
    for index in order {
        let (handle, task, deps) = graph.with_node(index, |n| (n.handle, n.task.clone(), n.deps.clone()))?;
        let ops = task.graph_ops()?;
        let deps = deps.iter().filter_map(|dep| place.get(dep).copied()).collect();
        nodes.push(ExecNode { handle, task, deps, ops, enabled: true });
    }
    Ok(nodes)
}

/// `cuGraphInstantiate`
pub fn instantiate(graph: CUgraph, flags: u64) -> Result<CUgraphExec> {
    let graph = get(graph)?;
    require(flags & !0xf == 0)?;
    crate::capture::check_call()?;
    if flags & u64::from(CUDA_GRAPH_INSTANTIATE_FLAG_DEVICE_LAUNCH) != 0 {
        return Err(CUDA_ERROR_NOT_SUPPORTED);
    }
    let nodes = exec_nodes(&graph)?;
    let by_handle = nodes.iter().enumerate().map(|(at, node)| (node.handle.addr(), at)).collect();
    let (handle, _) = EXECS.insert(|handle| {
        Arc::new(GraphExec {
            handle: CUgraphExec::from_addr(handle),
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            flags,
            data: Mutex::new(ExecData { nodes, by_handle, built: None }),
        })
    });
    Ok(CUgraphExec::from_addr(handle))
}

/// `cuGraphExecDestroy`: launches in flight go on.
pub fn destroy_exec(handle: CUgraphExec) -> Result<()> {
    device::devices()?;
    EXECS.remove(handle.addr()).map(|_| ()).ok_or(CUDA_ERROR_INVALID_VALUE)
}

impl GraphExec {
    fn ops(&self) -> Arc<[GraphOp]> {
        let mut data = self.data.lock();
        let ExecData { nodes, built, .. } = &mut *data;
        let make =
            || nodes.iter().filter(|node| node.enabled).flat_map(|node| node.ops.iter().cloned()).collect();
        built.get_or_insert_with(make).clone()
    }

    fn change<T>(&self, node: CUgraphNode, change: impl FnOnce(&mut ExecNode) -> Result<T>) -> Result<T> {
        let mut data = self.data.lock();
        let at = *data.by_handle.get(&node.addr()).ok_or(CUDA_ERROR_INVALID_VALUE)?;
        let result = change(&mut data.nodes[at])?;
        data.built = None;
        Ok(result)
    }
}

/// `cuGraphLaunch`
pub fn launch(handle: CUgraphExec, stream: CUstream) -> Result<()> {
    let stream = stream::of_current(stream)?;
    let exec = get_exec(handle)?;
    if stream.is_capturing() {
        return Err(crate::capture::unsupported(&stream));
    }
    crate::capture::check_implicit(&stream)?;
    stream.core.submit(Op::Graph(exec.ops(), 0));
    Ok(())
}

/// The exec-side task of a node.
pub fn exec_task(handle: CUgraphExec, node: CUgraphNode) -> Result<Task> {
    let exec = get_exec(handle)?;
    let data = exec.data.lock();
    let at = *data.by_handle.get(&node.addr()).ok_or(CUDA_ERROR_INVALID_VALUE)?;
    Ok(data.nodes[at].task.clone())
}

/// `cuGraphExec*NodeSetParams`: replaces a node's task in an executable graph.
pub fn set_exec_task(handle: CUgraphExec, node: CUgraphNode, task: Task) -> Result<()> {
    let exec = get_exec(handle)?;
    let ops = task.graph_ops()?;
    exec.change(node, |node| {
        require(node.task.node_type() == task.node_type())?;
        (node.task, node.ops) = (task, ops);
        Ok(())
    })
}

/// Whether a node of an executable graph runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Enabled {
    No,
    Yes,
}

fn can_be_disabled(task: &Task) -> bool {
    matches!(task, Task::Kernel(_) | Task::Copy(..) | Task::Fill(_))
}

/// `cuGraphNodeSetEnabled`: kernels, copies and fills only.
pub fn set_enabled(handle: CUgraphExec, node: CUgraphNode, enabled: Enabled) -> Result<()> {
    get_exec(handle)?.change(node, |node| {
        require(can_be_disabled(&node.task))?;
        node.enabled = enabled == Enabled::Yes;
        Ok(())
    })
}

/// `cuGraphNodeGetEnabled`
pub fn enabled(handle: CUgraphExec, node: CUgraphNode) -> Result<Enabled> {
    get_exec(handle)?.change(node, |node| {
        require(can_be_disabled(&node.task))?;
        Ok(if node.enabled { Enabled::Yes } else { Enabled::No })
    })
}

/// `cuGraphExecUpdate`: takes the parameters of a graph of the same shape.
pub fn update(handle: CUgraphExec, graph: CUgraph) -> Result<CUgraphExecUpdateResultInfo> {
    let (exec, graph) = (get_exec(handle)?, get(graph)?);
    let new = exec_nodes(&graph)?;
    let mut data = exec.data.lock();
    let info = |result, node| CUgraphExecUpdateResultInfo {
        result,
        errorNode: node,
        errorFromNode: CUgraphNode::NULL,
    };
    if new.len() != data.nodes.len() {
        return Ok(info(CU_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED, CUgraphNode::NULL));
    }
    for (old, new) in data.nodes.iter().zip(&new) {
        if old.task.node_type() != new.task.node_type() {
            return Ok(info(CU_GRAPH_EXEC_UPDATE_ERROR_NODE_TYPE_CHANGED, new.handle));
        }
        if old.deps != new.deps {
            return Ok(info(CU_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED, new.handle));
        }
    }
    for (old, new) in data.nodes.iter_mut().zip(new) {
        (old.task, old.ops) = (new.task, new.ops);
    }
    data.built = None;
    Ok(info(CU_GRAPH_EXEC_UPDATE_SUCCESS, CUgraphNode::NULL))
}
