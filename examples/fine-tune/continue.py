"""Goes on with the training of train.ts in Python, with its optimizer and its schedule: python continue.py runs/fine-tune-… STEPS"""
import sys, torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

run, steps = sys.argv[1], int(sys.argv[2])
model = AutoModelForSequenceClassification.from_pretrained(f"{run}/result").train()
tokenizer = AutoTokenizer.from_pretrained(f"{run}/result")
checkpoint = torch.load(f"{run}/checkpoints/latest.ckpt", weights_only=True)
optimizer = torch.optim.AdamW(model.parameters(), fused=True)
optimizer.load_state_dict(checkpoint["optimizer_state_dicts"][0])
batch = tokenizer(["the plot was not dull !", "the cast was never funny !"], return_tensors="pt")
for step in range(steps):
    loss = model(**batch, labels=torch.tensor([1, 0])).loss
    optimizer.zero_grad(); loss.backward(); optimizer.step()
    print(f"step {step}: loss {loss.item():.6f}")
