/** Chooses the part of a picture that becomes a head: dragged with a pointer, or moved by sliders. */
import { Input, Slider } from "@mantine/core";
import { type PointerEvent, useRef, useState } from "react";

import { BlobImage } from "./BlobImage";
import { dragged, MOST_ZOOM, settled, squareOf, type Crop, type Size } from "./crop";
import css from "./Pictures.module.css";

interface Props {
  blob: Blob;
  size: Size;
  crop: Crop;
  onCrop: (crop: Crop) => void;
}

export function Cropper({ blob, size, crop, onCrop }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [from, setFrom] = useState<{ x: number; y: number } | null>(null);
  const { left, top, side } = squareOf(crop, size);
  const move = ({ clientX, clientY }: PointerEvent) => {
    const width = frame.current?.clientWidth;
    if (!from || !width) return;
    onCrop(dragged(crop, size, (clientX - from.x) / width, (clientY - from.y) / width));
    setFrom({ x: clientX, y: clientY });
  };
  return (
    <div className={css.cropper}>
      <div
        ref={frame}
        className={css.frame}
        data-dragging={from !== null || undefined}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setFrom({ x: event.clientX, y: event.clientY });
        }}
        onPointerMove={move}
        onPointerUp={() => setFrom(null)}
        onPointerCancel={() => setFrom(null)}
      >
        <BlobImage
          blob={blob}
          alt="The chosen part"
          draggable={false}
          style={{
            width: `${(size.width / side) * 100}%`,
            left: `${(-left / side) * 100}%`,
            top: `${(-top / side) * 100}%`,
          }}
        />
        <span className={css.oval} aria-hidden />
      </div>
      <div className={css.sliders}>
        <Move
          label="Closer"
          value={crop.zoom}
          least={1}
          most={MOST_ZOOM}
          onMove={(zoom) => onCrop(settled({ ...crop, zoom }, size))}
        />
        <Move label="Left and right" value={crop.x} onMove={(x) => onCrop(settled({ ...crop, x }, size))} />
        <Move label="Up and down" value={crop.y} onMove={(y) => onCrop(settled({ ...crop, y }, size))} />
      </div>
    </div>
  );
}

interface MoveProps {
  label: string;
  value: number;
  least?: number;
  most?: number;
  onMove: (value: number) => void;
}

function Move({ label, value, least = 0, most = 1, onMove }: MoveProps) {
  return (
    <Input.Wrapper labelElement="div" label={label} size="sm">
      <Slider
        label={null}
        thumbLabel={label}
        thumbValueText={(at) => `${Math.round(((at - least) / (most - least)) * 100)} %`}
        min={least}
        max={most}
        step={(most - least) / 50}
        value={value}
        onChange={onMove}
      />
    </Input.Wrapper>
  );
}
