// The addon's table of contents: one register function a file.
#pragma once

#include <node_api.h>

#include "environment.h"

namespace sconce {

// Adds functions to the object that the addon exports. Names must outlive the environment: they are string literals.
struct Registrar {
  Environment& self;
  napi_value exports;
  void operator()(const char* name, napi_callback callback);
};

void register_autograd(Registrar& add);
void register_background_file(Registrar& add);
void register_c10d_group(Registrar& add);
void register_c10d_reducer(Registrar& add);
void register_c10d_nccl(Registrar& add);
void register_c10d_store(Registrar& add);
void register_call(Registrar& add);
void register_capture(Registrar& add);
void register_checkpoint(Registrar& add);
void register_custom_function(Registrar& add);
void register_engine(Registrar& add);
void register_file_memory(Registrar& add);
void register_guards(Registrar& add);
void register_hooks(Registrar& add);
void register_images(Registrar& add);
void register_memory(Registrar& add);
void register_modes(Registrar& add);
void register_process(Registrar& add);
void register_profiler(Registrar& add);
void register_float_math(Registrar& add);
void register_random(Registrar& add);
void register_saved_hooks(Registrar& add);
void register_tensor(Registrar& add);

}  // namespace sconce
