#!/usr/bin/env bash
# A SLURM cluster of two machines that are both this one, for tests: no systemd, no cgroups, nothing outside its folder.
#   cluster.sh up FOLDER      starts it; then: export SLURM_CONF=FOLDER/slurm.conf
#   cluster.sh down FOLDER    stops it, and removes the folder
# Takes root, and Debian's packages slurm-wlm and munge (`apt-get install --no-install-recommends`), whose services need not run.
set -euo pipefail

usage() { sed -n '3,4s/^#   //p' "$0" >&2; exit 2; }
[ $# = 2 ] || usage
mkdir -p "$2"
folder=$(cd "$2" && pwd)
export SLURM_CONF=$folder/slurm.conf

free_ports() {
  node -e '
    const servers = Array.from({ length: 3 }, () => require("node:net").createServer().listen(0, "127.0.0.1"));
    Promise.all(servers.map((server) => new Promise((done) => server.on("listening", done)))).then(() => {
      console.log(servers.map((server) => server.address().port).join(" "));
      for (const server of servers) server.close();
    });'
}

# Waits until a command says what is expected: until 2 'sinfo …'.
until_says() {
  local expected=$1 said='' i
  for ((i = 0; i < 150; i++)); do
    said=$("${@:2}" 2>&1) && [ "$said" = "$expected" ] && return
    sleep 0.2
  done
  echo "cluster.sh: expected $expected from ${*:2}, got $said" >&2
  return 1
}

configure() {
  local host controller first second
  host=$(hostname -s)
  read -r controller first second < <(free_ports)
  # cred_expire is how long a job that was requeued waits; 120 s where nothing is said.
  # MinJobAge is how long the queue knows a job that has ended.
  cat >"$SLURM_CONF" <<CONF
ClusterName=sconce
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$controller
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket,cred_expire=5
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/%n
SlurmctldPidFile=$folder/controller.pid
SlurmdPidFile=$folder/%n.pid
SlurmctldLogFile=$folder/controller.log
SlurmdLogFile=$folder/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=1
ReturnToService=1
KillWait=5
MinJobAge=300
MaxArraySize=20
DefMemPerNode=1000
NodeName=one NodeHostname=$host NodeAddr=127.0.0.1 Port=$first CPUs=2 RealMemory=4000 Feature=left State=UNKNOWN
NodeName=two NodeHostname=$host NodeAddr=127.0.0.1 Port=$second CPUs=2 RealMemory=4000 Feature=right State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=60 OverSubscribe=NO State=UP
CONF
}

up() {
  [ "$(id -u)" = 0 ] || { echo 'cluster.sh: expected root, who starts the jobs of others, got another user' >&2; exit 1; }
  # What the commands look for is the folder; others than root have to reach it.
  chmod 755 "$folder"
  mkdir -p "$folder/munge" "$folder/state" "$folder/one" "$folder/two"
  chmod 755 "$folder/munge"
  (umask 077 && head -c 1024 /dev/urandom >"$folder/munge/key")
  /usr/sbin/munged --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/munge.pid" \
    --seed-file="$folder/munge/seed" --log-file="$folder/munge/log" 2>"$folder/munge/warnings"
  configure
  # Daemons hold on to what they inherit: whoever reads this script's output would wait for them.
  slurmctld -c </dev/null >/dev/null 2>&1
  slurmd -N one </dev/null >/dev/null 2>&1
  slurmd -N two </dev/null >/dev/null 2>&1
  until_says 2 sinfo --noheader --states=idle --format=%D
  echo "export SLURM_CONF=$SLURM_CONF"
}

down() {
  if [ -f "$SLURM_CONF" ]; then
    timeout 20 squeue --noheader --format=%A | xargs --no-run-if-empty timeout 20 scancel || true
    until_says '' timeout 20 squeue --noheader || true
    timeout 20 scontrol shutdown >/dev/null 2>&1 || true
  fi
  local file pid i
  for file in "$folder"/*.pid; do
    [ -f "$file" ] && pid=$(cat "$file") || continue
    for ((i = 0; i < 25; i++)); do
      [[ $(cat "/proc/$pid/comm" 2>/dev/null) =~ ^(munged|slurm) ]] || break
      if ((i == 0)); then kill "$pid" || true; elif ((i == 20)); then kill -9 "$pid" || true; fi
      sleep 0.2
    done
  done
  rm -rf "$folder"
}

case $1 in up | down) "$1" ;; *) usage ;; esac
