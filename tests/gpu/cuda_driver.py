"""The CUDA driver API by ctypes: what the scripts here need of it. CUDA_LIBRARY names another libcuda."""

import ctypes
import os

LIBRARY = ctypes.CDLL(os.environ.get("CUDA_LIBRARY", "libcuda.so.1"))


class CudaError(Exception):
    def __init__(self, call, code, text=""):
        name = ctypes.c_char_p()
        LIBRARY.cuGetErrorName(code, ctypes.byref(name))
        self.code = (name.value or b"no such code").decode()
        super().__init__(f"{call}: {self.code}{text}")


def call(name, *args):
    code = getattr(LIBRARY, name)(*args)
    if code != 0:
        raise CudaError(name, code)


def context():
    device, made = ctypes.c_int(), ctypes.c_void_p()
    call("cuInit", 0)
    call("cuDeviceGet", ctypes.byref(device), 0)
    call("cuDevicePrimaryCtxRetain", ctypes.byref(made), device)
    call("cuCtxSetCurrent", made)


def module(text):
    """Loads PTX; the error holds the compiler's log."""
    loaded, log = ctypes.c_void_p(), ctypes.create_string_buffer(4096)
    options = (ctypes.c_int * 2)(5, 6)  # CU_JIT_ERROR_LOG_BUFFER and its size
    values = (ctypes.c_void_p * 2)(ctypes.addressof(log), len(log))
    code = LIBRARY.cuModuleLoadDataEx(ctypes.byref(loaded), text + b"\0", 2, options, values)
    if code != 0:
        raise CudaError("cuModuleLoadDataEx", code, "\n" + log.value.decode(errors="replace"))
    return loaded


def function(loaded, name):
    found = ctypes.c_void_p()
    call("cuModuleGetFunction", ctypes.byref(found), loaded, name.encode())
    return found


def variable(loaded, name):
    """Address and size of a module's variable."""
    address, size = ctypes.c_uint64(), ctypes.c_size_t()
    call("cuModuleGetGlobal_v2", ctypes.byref(address), ctypes.byref(size), loaded, name.encode())
    return address.value, size.value


def allocate(count):
    address = ctypes.c_uint64()
    call("cuMemAlloc_v2", ctypes.byref(address), ctypes.c_size_t(max(count, 1)))
    return address.value


def free(address):
    call("cuMemFree_v2", ctypes.c_uint64(address))


def write(address, data):
    if data:
        call("cuMemcpyHtoD_v2", ctypes.c_uint64(address), bytes(data), ctypes.c_size_t(len(data)))


def read(address, count):
    data = ctypes.create_string_buffer(max(count, 1))
    if count:
        call("cuMemcpyDtoH_v2", data, ctypes.c_uint64(address), ctypes.c_size_t(count))
    return data.raw[:count]


def launch(kernel, grid, block, shared, params):
    """Launches and waits. `params`: the bytes of each parameter."""
    held = [ctypes.create_string_buffer(p, max(len(p), 1)) for p in params]
    array = (ctypes.c_void_p * max(len(held), 1))(*[ctypes.addressof(h) for h in held])
    if shared > 48 << 10:
        call("cuFuncSetAttribute", kernel, 8, shared)
    call("cuLaunchKernel", kernel, *grid, *block, shared, None, array, None)
    call("cuCtxSynchronize")
