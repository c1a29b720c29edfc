{
  "signatures": [
    {
      "key_id": "5cc05f66f072f6e6",
      "public_key": "4wV1BSLOixd/pXtU3lloZ8qJwK+9mxioy3q51/PBQPo=",
      "signature": "ELyCgplp2mfxmx5dnFIcdPF1Tb73YzkRHF/GRSEVGxHv71qsmSLuyesNj8MyaTBo7vKHaaooWAa32XuT15n7CA=="
    }
  ]
}
