// Pictures with random crops, for worker threads to make.
import { ImageList } from 'sconce/data';

export default ({ folder, paths }: { folder: string; paths: string[] }): ImageList =>
  new ImageList({
    folder,
    paths,
    targets: [...paths.keys()],
    transform: { randomResizedCrop: 6, randomHorizontalFlip: 0.5 },
  });
