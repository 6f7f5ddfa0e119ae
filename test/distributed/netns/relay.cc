// Two network namespaces joined by a wire that delays and loses packets: `relay <delay ms> <loss> <seed>`. It makes both, each with a TUN device of 10.77.0.1 and 10.77.0.2, prints the files that
// `nsenter --net=` takes, and carries packets until its input ends. With it goes everything that it made.
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <random>
#include <vector>

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) {
  perror(what);
  exit(1);
}

struct Host {
  int space;
  int tun;
};

void request(int socket, unsigned long code, ifreq& with, const char* what) {
  if (ioctl(socket, code, &with) < 0) fail(what);
}

void raise_flags(int socket, const char* name, int mtu) {
  ifreq of{};
  strncpy(of.ifr_name, name, IFNAMSIZ - 1);
  if (mtu > 0) {
    of.ifr_mtu = mtu;
    request(socket, SIOCSIFMTU, of, "set the MTU");
  }
  request(socket, SIOCGIFFLAGS, of, "read flags");
  of.ifr_flags |= IFF_UP | IFF_RUNNING;
  request(socket, SIOCSIFFLAGS, of, "set flags");
}

void set_address(int socket, unsigned long code, const char* address) {
  ifreq of{};
  strncpy(of.ifr_name, "tun0", IFNAMSIZ - 1);
  auto* where = reinterpret_cast<sockaddr_in*>(&of.ifr_addr);
  where->sin_family = AF_INET;
  inet_pton(AF_INET, address, &where->sin_addr);
  request(socket, code, of, "set an address");
}

Host make_host(const char* address) {
  if (unshare(CLONE_NEWNET) < 0) fail("make a network namespace");
  Host host{open("/proc/self/ns/net", O_RDONLY), open("/dev/net/tun", O_RDWR | O_NONBLOCK)};
  if (host.space < 0 || host.tun < 0) fail("open /dev/net/tun");
  ifreq device{};
  device.ifr_flags = IFF_TUN | IFF_NO_PI;
  strncpy(device.ifr_name, "tun0", IFNAMSIZ - 1);
  request(host.tun, TUNSETIFF, device, "make a TUN device");
  int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
  set_address(socket, SIOCSIFADDR, address);
  set_address(socket, SIOCSIFNETMASK, "255.255.255.0");
  raise_flags(socket, "tun0", 1400);
  raise_flags(socket, "lo", 0);
  close(socket);
  return host;
}

struct Packet {
  Clock::time_point due;
  std::vector<char> bytes;
};

int main(int, char** args) {
  const auto delay = std::chrono::milliseconds(atoi(args[1]));
  std::bernoulli_distribution is_lost(atof(args[2]));
  std::mt19937 random(static_cast<unsigned>(atoi(args[3])));
  Host hosts[] = {make_host("10.77.0.1"), make_host("10.77.0.2")};
  for (const auto& host : hosts) printf("/proc/%d/fd/%d\n", getpid(), host.space);
  fflush(stdout);
  std::deque<Packet> wires[2];  // to each host
  char buffer[2048];
  for (;;) {
    int wait = -1;
    for (int to = 0; to < 2; ++to) {
      auto& wire = wires[to];
      while (!wire.empty() && wire.front().due <= Clock::now()) {
        // A device that is down takes nothing: the packet is lost.
        if (write(hosts[to].tun, wire.front().bytes.data(), wire.front().bytes.size()) < 0) {}
        wire.pop_front();
      }
      if (wire.empty()) continue;
      int left = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(wire.front().due - Clock::now()).count());
      if (wait < 0 || left < wait) wait = left < 0 ? 0 : left;
    }
    pollfd watched[] = {{hosts[0].tun, POLLIN, 0}, {hosts[1].tun, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
    poll(watched, 3, wait);
    if (watched[2].revents != 0 && read(STDIN_FILENO, buffer, sizeof buffer) <= 0) return 0;
    for (int from = 0; from < 2; ++from) {
      ssize_t size;
      while ((size = read(hosts[from].tun, buffer, sizeof buffer)) > 0) {
        if (!is_lost(random)) wires[1 - from].push_back({Clock::now() + delay, std::vector<char>(buffer, buffer + size)});
      }
    }
  }
}
