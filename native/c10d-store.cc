// Stores: small values that all ranks of a job see, over TCP. What may wait runs beside the JavaScript thread.
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <torch/version.h>

#ifdef __linux__
#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#endif

#include <algorithm>
#include <thread>

#include "addon.h"
#include "background.h"
#include "c10d.h"

namespace sconce {

void give_away(std::shared_ptr<void> value) {
  try {
    std::thread([value = std::move(value)]() mutable { value.reset(); }).detach();
  } catch (const std::system_error&) {
    // No thread can be had: it stays where it is until the process ends.
    new std::shared_ptr<void>(std::move(value));
  }
}

std::chrono::milliseconds read_timeout(Call& call, napi_value value) { return std::chrono::milliseconds(read_int(call, value, "timeout")); }

namespace {

using Value = std::vector<uint8_t>;

const char* const kStore = "a store";

Value read_value(Call& call, napi_value value) {
  const Bytes bytes = read_bytes(call, value);
  const auto* data = static_cast<const uint8_t*>(bytes.data);
  return Value(data, data + bytes.size);
}

std::vector<std::string> read_keys(Call& call, napi_value value) {
  uint32_t count = 0;
  check(call, napi_get_array_length(call.env, value, &count));
  std::vector<std::string> keys(count);
  for (uint32_t i = 0; i < count; ++i) {
    napi_value key;
    check(call, napi_get_element(call.env, value, i, &key));
    keys[i] = read_string(call, key, "key");
  }
  return keys;
}

napi_value undefined_of(Call& call) {
  napi_value value;
  check(call, napi_get_undefined(call.env, &value));
  return value;
}

// Runs `body(store)` beside the JavaScript thread and gives a promise of what `reader` makes of its outcome.
template <typename Body, typename Reader>
napi_value later(Call& call, napi_value object, Body body, Reader reader) {
  StorePtr store = held<StorePtr>(call, object, kStore);
  auto outcome = std::make_shared<decltype(body(store))>();
  return run_in_background(
      call, [store, outcome, body = std::move(body)] { *outcome = body(store); }, [outcome, reader](Call& inner) { return reader(inner, *outcome); });
}

#if defined(__linux__) && TORCH_VERSION_MAJOR >= 2
bool leads_to(int socket, int port) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  if (getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return false;
  if (peer.ss_family == AF_INET) return ntohs(reinterpret_cast<sockaddr_in&>(peer).sin_port) == port;
  return peer.ss_family == AF_INET6 && ntohs(reinterpret_cast<sockaddr_in6&>(peer).sin6_port) == port;
}
#endif

// A store's answer may be on a network that is gone: c10d waits for most of them without a time. The kernel ends a connection whose other side confirms nothing for
// `timeout`, and by itself after about a quarter of an hour, which longer times leave. c10d does not hand out its socket: this is done to all that lead to the port.
void end_dead_connections([[maybe_unused]] const c10d::TCPStore& store, [[maybe_unused]] std::chrono::milliseconds timeout) {
#if defined(__linux__) && TORCH_VERSION_MAJOR >= 2  // 1.13 has a thread that throws where a connection ends, and nobody catches it
  if (timeout.count() <= 0 || timeout > std::chrono::minutes(15)) return;
  const int limit = static_cast<int>(timeout.count()), on = 1, seconds = std::max(1, limit / 2000);
  DIR* folder = opendir("/proc/self/fd");
  if (!folder) return;
  while (const dirent* entry = readdir(folder)) {
    const int socket = std::atoi(entry->d_name);
    if (!leads_to(socket, store.getPort())) continue;
    setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
    // What was confirmed and never answered.
    setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &seconds, sizeof seconds);
    setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &seconds, sizeof seconds);
  }
  closedir(folder);
#endif
}

void end_dead_connections(const StorePtr& store, std::chrono::milliseconds timeout) {
  if (const auto* tcp = dynamic_cast<const c10d::TCPStore*>(store.get())) return end_dead_connections(*tcp, timeout);
  if (auto* prefix = dynamic_cast<c10d::PrefixStore*>(store.get())) end_dead_connections(prefix->getUnderlyingStore(), timeout);
}

napi_value bytes_of(Call& call, const Value& value) { return make_array_buffer(call, value.data(), value.size()); }

// tcpStore(host, port, isServer, workers, waits, timeout) -> a promise of [store, port]. Workers below 1: as many as come.
napi_value tcp_store(Call& call) {
  auto args = arguments<6>(call);
  std::string host = read_string(call, args[0], "host");
  c10d::TCPStoreOptions options;
  options.port = static_cast<uint16_t>(read_int(call, args[1], "port"));
  options.isServer = read_bool(call, args[2], "isServer");
  int64_t workers = read_int(call, args[3], "workers");
  if (workers > 0) options.numWorkers = static_cast<size_t>(workers);
  options.waitWorkers = read_bool(call, args[4], "waits");
  options.timeout = read_timeout(call, args[5]);
  auto made = std::make_shared<c10::intrusive_ptr<c10d::TCPStore>>();
  return run_in_background(
      call, [made, host, options] {
        *made = c10::make_intrusive<c10d::TCPStore>(host, options);
        end_dead_connections(**made, options.timeout);
      },
      [made](Call& inner) {
        napi_value pair;
        check(inner, napi_create_array_with_length(inner.env, 2, &pair));
        check(inner, napi_set_element(inner.env, pair, 0, hold<StorePtr>(inner, *made)));
        check(inner, napi_set_element(inner.env, pair, 1, make_number(inner, (*made)->getPort())));
        return pair;
      });
}

// fileStore(path, workers) -> store. The file holds what is set; the last to go removes it.
napi_value file_store(Call& call) {
  auto args = arguments<2>(call);
  std::string path = read_string(call, args[0], "path");
  int workers = static_cast<int>(read_int(call, args[1], "workers"));
  return hold<StorePtr>(call, c10::make_intrusive<c10d::FileStore>(path, workers));
}

// prefixStore(store, prefix) -> a store whose keys stand apart in the other.
napi_value prefix_store(Call& call) {
  auto args = arguments<2>(call);
  StorePtr store = held<StorePtr>(call, args[0], kStore);
  return hold<StorePtr>(call, c10::make_intrusive<c10d::PrefixStore>(read_string(call, args[1], "prefix"), store));
}

napi_value store_set_timeout(Call& call) {
  auto args = arguments<2>(call);
  StorePtr store = held<StorePtr>(call, args[0], kStore);
  auto timeout = read_timeout(call, args[1]);
  store->setTimeout(timeout);
  end_dead_connections(store, timeout);
  return nullptr;
}

// storeSet(store, key, bytes) -> a promise
napi_value store_set(Call& call) {
  auto args = arguments<3>(call);
  std::string key = read_string(call, args[1], "key");
  Value value = read_value(call, args[2]);
  return later(
      call, args[0],
      [key, value](const StorePtr& store) {
        store->set(key, value);
        return true;
      },
      [](Call& inner, bool) { return undefined_of(inner); });
}

// storeGet(store, key) -> a promise of its bytes, once it is there
napi_value store_get(Call& call) {
  auto args = arguments<2>(call);
  std::string key = read_string(call, args[1], "key");
  return later(
      call, args[0], [key](const StorePtr& store) { return store->get(key); }, bytes_of);
}

// storeCompareSet(store, key, expected, desired) -> a promise of the bytes that stand there afterwards
napi_value store_compare_set(Call& call) {
  auto args = arguments<4>(call);
  std::string key = read_string(call, args[1], "key");
  Value expected = read_value(call, args[2]), desired = read_value(call, args[3]);
  return later(
      call, args[0], [key, expected, desired](const StorePtr& store) { return store->compareSet(key, expected, desired); }, bytes_of);
}

// storeAdd(store, key, amount) -> a promise of the sum
napi_value store_add(Call& call) {
  auto args = arguments<3>(call);
  std::string key = read_string(call, args[1], "key");
  int64_t amount = read_int(call, args[2], "amount");
  return later(
      call, args[0], [key, amount](const StorePtr& store) { return store->add(key, amount); },
      [](Call& inner, int64_t sum) { return make_number(inner, static_cast<double>(sum)); });
}

// storeCheck(store, keys) -> a promise of whether all are there
napi_value store_check(Call& call) {
  auto args = arguments<2>(call);
  auto keys = read_keys(call, args[1]);
  return later(
      call, args[0], [keys](const StorePtr& store) { return store->check(keys); }, [](Call& inner, bool are) { return make_bool(inner, are); });
}

// storeWait(store, keys, timeout) -> a promise, kept when all are there. Below 0: the store's own time.
napi_value store_wait(Call& call) {
  auto args = arguments<3>(call);
  auto keys = read_keys(call, args[1]);
  auto timeout = read_timeout(call, args[2]);
  return later(
      call, args[0],
      [keys, timeout](const StorePtr& store) {
        if (timeout.count() < 0) store->wait(keys);
        else store->wait(keys, timeout);
        return true;
      },
      [](Call& inner, bool) { return undefined_of(inner); });
}

// storeDelete(store, key) -> a promise of whether it was there
napi_value store_delete(Call& call) {
  auto args = arguments<2>(call);
  std::string key = read_string(call, args[1], "key");
  return later(
      call, args[0], [key](const StorePtr& store) { return store->deleteKey(key); }, [](Call& inner, bool was) { return make_bool(inner, was); });
}

napi_value store_num_keys(Call& call) {
  auto args = arguments<1>(call);
  return later(
      call, args[0], [](const StorePtr& store) { return store->getNumKeys(); },
      [](Call& inner, int64_t count) { return make_number(inner, static_cast<double>(count)); });
}

// letGoOfStore(store): the connection is closed; the server with it, where this is the server's.
napi_value let_go_of_store(Call& call) {
  auto args = arguments<1>(call);
  StorePtr& store = held<StorePtr>(call, args[0], kStore);
  give_away(std::make_shared<StorePtr>(std::move(store)));
  return nullptr;
}

}  // namespace

void register_c10d_store(Registrar& add) {
  add("tcpStore", guard<tcp_store>);
  add("fileStore", guard<file_store>);
  add("prefixStore", guard<prefix_store>);
  add("storeSetTimeout", guard<store_set_timeout>);
  add("storeSet", guard<store_set>);
  add("storeGet", guard<store_get>);
  add("storeCompareSet", guard<store_compare_set>);
  add("storeAdd", guard<store_add>);
  add("storeCheck", guard<store_check>);
  add("storeWait", guard<store_wait>);
  add("storeDelete", guard<store_delete>);
  add("storeNumKeys", guard<store_num_keys>);
  add("letGoOfStore", guard<let_go_of_store>);
}

}  // namespace sconce
