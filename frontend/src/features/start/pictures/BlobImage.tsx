/** A picture that is in memory, under an address of this page for as long as it is shown. */
import { type ComponentProps, useCallback } from "react";

interface Props extends Omit<ComponentProps<"img">, "src" | "ref"> {
  blob: Blob;
  alt: string;
}

export function BlobImage({ blob, alt, ...rest }: Props) {
  const show = useCallback(
    (image: HTMLImageElement) => {
      const address = URL.createObjectURL(blob);
      image.src = address;
      return () => URL.revokeObjectURL(address);
    },
    [blob],
  );
  return <img ref={show} alt={alt} {...rest} />;
}
