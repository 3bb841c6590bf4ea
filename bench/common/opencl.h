/* OpenCL's part of a contender: one CPU device, one in-order queue, kernels built from the file beside the program. */
#ifndef BENCH_OPENCL_H
#define BENCH_OPENCL_H

#include "drive.h"

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

static cl_context context;
static cl_command_queue queue;
static cl_program program;

static void cl_check(cl_int status, const char *what) {
    if (status == CL_SUCCESS) return;
    fprintf(stderr, "%s failed with %d\n", what, status);
    exit(1);
}

static char *read_text(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = (char *)calloc((size_t)size + 1, 1);
    if (fread(text, 1, (size_t)size, file) != (size_t)size) exit(1);
    fclose(file);
    return text;
}

/* BENCH_SOURCE is the .cl file; BENCH_PLATFORM, if set, picks a platform whose name contains it. */
static void cl_open(const char *options) {
    cl_platform_id platforms[8], chosen = NULL;
    cl_uint count = 0;
    cl_device_id device;
    cl_int status;
    const char *wanted = getenv("BENCH_PLATFORM");
    cl_check(clGetPlatformIDs(8, platforms, &count), "clGetPlatformIDs");
    for (cl_uint i = 0; i < count && !chosen; i++) {
        char name[256] = "";
        clGetPlatformInfo(platforms[i], CL_PLATFORM_NAME, sizeof name, name, NULL);
        if (!wanted || strstr(name, wanted)) chosen = platforms[i];
    }
    if (!chosen) {
        fprintf(stderr, "no OpenCL platform named %s\n", wanted ? wanted : "anything");
        exit(1);
    }
    cl_check(clGetDeviceIDs(chosen, CL_DEVICE_TYPE_CPU, 1, &device, NULL), "clGetDeviceIDs");
    context = clCreateContext(NULL, 1, &device, NULL, NULL, &status);
    cl_check(status, "clCreateContext");
    queue = clCreateCommandQueue(context, device, 0, &status);
    cl_check(status, "clCreateCommandQueue");
    const char *text = read_text(getenv("BENCH_SOURCE") ? getenv("BENCH_SOURCE") : "kernel.cl");
    program = clCreateProgramWithSource(context, 1, &text, NULL, &status);
    cl_check(status, "clCreateProgramWithSource");
    status = clBuildProgram(program, 1, &device, options, NULL, NULL);
    if (status != CL_SUCCESS) {
        char log[8192] = "";
        clGetProgramBuildInfo(program, device, CL_PROGRAM_BUILD_LOG, sizeof log - 1, log, NULL);
        fprintf(stderr, "%s\n", log);
    }
    cl_check(status, "clBuildProgram");
}

static cl_kernel cl_get(const char *name) {
    cl_int status;
    cl_kernel kernel = clCreateKernel(program, name, &status);
    cl_check(status, name);
    return kernel;
}

/* A device buffer, filled from `host` unless that is NULL. */
static cl_mem cl_buffer(const void *host, size_t bytes) {
    cl_int status;
    cl_mem buffer = clCreateBuffer(context, CL_MEM_READ_WRITE, bytes, NULL, &status);
    cl_check(status, "clCreateBuffer");
    if (host) cl_check(clEnqueueWriteBuffer(queue, buffer, CL_TRUE, 0, bytes, host, 0, NULL, NULL), "write");
    return buffer;
}

static void cl_read(void *host, cl_mem buffer, size_t bytes) {
    cl_check(clEnqueueReadBuffer(queue, buffer, CL_TRUE, 0, bytes, host, 0, NULL, NULL), "read");
}

static void cl_zero(cl_mem buffer, size_t bytes) {
    const int zero = 0;
    cl_check(clEnqueueFillBuffer(queue, buffer, &zero, sizeof zero, 0, bytes, 0, NULL, NULL), "fill");
}

#define cl_arg(kernel, index, value) cl_check(clSetKernelArg(kernel, index, sizeof(value), &(value)), "argument")

static void cl_launch1(cl_kernel kernel, size_t global, size_t local) {
    cl_check(clEnqueueNDRangeKernel(queue, kernel, 1, NULL, &global, &local, 0, NULL, NULL), "launch");
}

static void cl_launch2(cl_kernel kernel, size_t gx, size_t gy, size_t lx, size_t ly) {
    size_t global[2] = {gx, gy}, local[2] = {lx, ly};
    cl_check(clEnqueueNDRangeKernel(queue, kernel, 2, NULL, global, local, 0, NULL, NULL), "launch");
}

static void cl_finish(void) { cl_check(clFinish(queue), "clFinish"); }

#endif
