// c10d includes it and names nothing of it.
#pragma once
