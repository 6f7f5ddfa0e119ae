"""The model of ../../workloads/gpt-large.mjs."""
from workloads.gpt import Workload

workload = Workload(width=512, heads=8, layers=4, length=256)
