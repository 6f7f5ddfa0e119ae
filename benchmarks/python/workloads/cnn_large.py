"""The model of ../../workloads/cnn-large.mjs."""
from workloads.cnn import Workload

workload = Workload(channels=(128, 256, 512), side=64)
