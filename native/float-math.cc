// Functions of doubles as the C library computes them, as Python's do; JavaScript's own differ in the last bit.
#include <cmath>

#include "addon.h"
#include "convert.h"
#include "errors.h"

namespace sconce {
namespace {

template <double (*function)(double)>
napi_value unary(Call& call) {
  auto args = arguments<1>(call);
  return make_number(call, function(read_double(call, args[0], "x")));
}

// pow(base, exponent)
napi_value power(Call& call) {
  auto args = arguments<2>(call);
  double base = read_double(call, args[0], "base");
  return make_number(call, std::pow(base, read_double(call, args[1], "exponent")));
}

}  // namespace

void register_float_math(Registrar& add) {
  add("cos", guard<unary<std::cos>>);
  add("exp", guard<unary<std::exp>>);
  add("log", guard<unary<std::log>>);
  add("pow", guard<power>);
}

}  // namespace sconce
