// Loaded before the program of a rank: what ends the program is written where its launcher reads it, also before ranks have met.
import { recordRankErrors } from '../../distributed/environment/error-file.ts';

recordRankErrors();
